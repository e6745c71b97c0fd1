"""Options of training and sweeps."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class TrainConfig:
    """What a trainer needs to know."""

    experiment: str = "default"
    run_name: str | None = None
    tracking_uri: str | None = None
    artifact_location: str | None = None
    epochs: int = 10
    learning_rate: float = 1e-3
    batch_size: int = 32
    seed: int = 0
    resume: bool = False
    tags: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_file(cls, path: str | Path) -> "TrainConfig":
        """Read a config from a JSON file. Keys that are not known are an error."""
        raw = json.loads(Path(path).read_text())
        unknown = set(raw) - set(cls.__dataclass_fields__)
        if unknown:
            raise ValueError(f"unknown keys in {path}: {sorted(unknown)}")
        return cls(**raw)

    def flat(self) -> dict[str, Any]:
        """The options without the nested ones."""
        return {k: v for k, v in asdict(self).items() if not isinstance(v, dict)}


@dataclass
class SweepConfig:
    """A search space and how to walk it."""

    name: str
    space: dict[str, list[Any]]
    metric: str = "val_loss"
    mode: str = "min"
    max_trials: int = 20
    base: TrainConfig = field(default_factory=TrainConfig)

    def __post_init__(self) -> None:
        if self.mode not in {"min", "max"}:
            raise ValueError("mode is min or max")
