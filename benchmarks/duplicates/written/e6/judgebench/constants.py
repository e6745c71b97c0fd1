"""Names of tags."""

from __future__ import annotations

from enum import Enum


class Tag(str, Enum):
    """Tags this package writes."""

    DATASET = "judgebench.dataset"
    SOURCE_RUN = "judgebench.source_run"
    SEARCH = "judgebench.search"
    TRIAL = "judgebench.trial"
    KIND = "judgebench.kind"
    JUDGE = "judgebench.judge"

    def __str__(self) -> str:
        return self.value


class Kind(str, Enum):
    """What a run is for."""

    SEARCH = "search"
    TRIAL = "trial"
    EVALUATION = "evaluation"
    JUDGMENT = "judgment"
