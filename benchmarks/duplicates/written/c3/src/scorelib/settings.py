"""Fixed names; Model Risk signs off any change here."""

from __future__ import annotations

import enum


class Segment(enum.Enum):
    RETAIL = "retail"
    SME = "sme"
    MORTGAGE = "mortgage"


class GovTag(str, enum.Enum):
    OWNER = "gov.model_owner"
    VALIDATION = "gov.validation_id"
    TIER = "gov.tier"
    BASEL = "gov.basel_segment"
    CUTOFF = "gov.data_cutoff"


LIFECYCLE = "lifecycle"
CHAMPION = "champion"
ROOT = "/Shared/scoring"
TIERS = {Segment.RETAIL: "1", Segment.SME: "2", Segment.MORTGAGE: "1"}
