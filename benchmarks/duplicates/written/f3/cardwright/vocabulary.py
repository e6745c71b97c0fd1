"""The words that cardwright writes to tags."""

import enum


class GovTag(str, enum.Enum):
    """Tag names."""

    MODEL = "gov.model"
    STATUS = "gov.status"
    COMPLIANCE = "gov.compliance"
    REVIEWER = "gov.review.by"
    DECISION = "gov.review.decision"
    REVIEWED_AT = "gov.review.at"
    REASON = "gov.review.reason"
    HOLD = "gov.legal_hold"
    UPSTREAM = "gov.upstream"

    def __str__(self):
        return self.value


class Risk(enum.IntEnum):
    """How much harm a model may do."""

    MINIMAL = 0
    LIMITED = 1
    HIGH = 2
    BANNED = 3

    @classmethod
    def parse(cls, text):
        try:
            return cls[text.strip().upper()]
        except KeyError:
            raise ValueError(f"unknown risk {text!r}") from None


STATUSES = ("draft", "review", "approved", "rejected", "retired")
