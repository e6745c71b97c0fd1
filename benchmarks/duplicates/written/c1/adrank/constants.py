"""Names that more than one flow uses."""

from enum import Enum

EXPERIMENT_PREFIX = "/adrank/"
ARTIFACT_BUCKET = "s3://adrank-models/artifacts"

TAG_BUNDLE = "adrank.bundle"
TAG_MARKET = "adrank.market"
TAG_PLACEMENT = "adrank.placement"
TAG_FAMILY = "adrank.family"
TAG_FEATURES = "adrank.feature_set"
TAG_CALIBRATION = "adrank.calibration"


class Placement(str, Enum):
    SEARCH_TOP = "search_top"
    SEARCH_SIDE = "search_side"
    PRODUCT_PAGE = "product_page"


MARKETS = ("de", "fr", "it", "pl", "se")
MIN_IMPRESSIONS = 2_000
