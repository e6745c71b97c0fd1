from adrank.tracking.experiments import ensure_experiment
from adrank.tracking.lookup import calibration_of, latest_bundle_run
from adrank.tracking.tags import market_tags

__all__ = ["calibration_of", "ensure_experiment", "latest_bundle_run", "market_tags"]
