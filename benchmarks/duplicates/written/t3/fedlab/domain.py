"""Domain types. No MLflow here."""
from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Mapping, NewType, Sequence

import numpy as np
import numpy.typing as npt

CampaignId = NewType("CampaignId", str)
SiteId = NewType("SiteId", str)
RunId = NewType("RunId", str)

Weights = list[npt.NDArray[np.float32]]


class RoundState(str, enum.Enum):
    OPEN = "open"
    AGGREGATED = "aggregated"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class Site:
    id: SiteId
    url: str
    n_patients: int
    ethics_protocol: str


@dataclass(frozen=True, slots=True)
class SiteUpdate:
    site: SiteId
    round_no: int
    weights: Weights
    n_samples: int
    loss: float
    val_auc: float


@dataclass(slots=True)
class RoundResult:
    round_no: int
    run_id: RunId
    state: RoundState
    sites: Sequence[SiteId] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.state is RoundState.AGGREGATED


@dataclass(frozen=True, slots=True)
class Campaign:
    id: CampaignId
    experiment: str
    model_name: str
    sites: tuple[Site, ...]
    rounds: int
    min_sites: int = 3


class NotEnoughSites(RuntimeError):
    def __init__(self, got: int, want: int) -> None:
        super().__init__(f"only {got} of {want} sites answered")
        self.got = got
        self.want = want


class UnknownRound(LookupError):
    pass
