"""Value objects."""
from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Mapping, NewType, Protocol, Sequence, runtime_checkable

RunId = NewType("RunId", str)
ExperimentId = NewType("ExperimentId", str)
DatasetHash = NewType("DatasetHash", str)


class Modality(str, enum.Enum):
    CT = "CT"
    MR = "MR"
    XR = "XR"


class DeviceClass(str, enum.Enum):
    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class DatasetRef:
    name: str
    digest: DatasetHash
    root: Path
    modality: Modality
    n_studies: int


@dataclass(frozen=True, slots=True)
class TrainingJob:
    study_protocol: str
    dataset: DatasetRef
    architecture: str
    hyper: Mapping[str, float] = field(default_factory=dict)
    device_class: DeviceClass = DeviceClass.B
    requested_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))


@dataclass(frozen=True, slots=True)
class TrackedRun:
    run_id: RunId
    status: str
    tags: Mapping[str, str]
    metrics: Mapping[str, float]


@runtime_checkable
class Segmenter(Protocol):
    def fit(self, studies: Sequence[Path]) -> None: ...

    def dice(self, studies: Sequence[Path]) -> float: ...
