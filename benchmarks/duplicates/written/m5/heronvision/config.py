"""Settings of a training."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Dict, List

import yaml


@dataclass
class TrainConfig:
    task: str = "shapes"
    arch: str = "mlp"
    hidden: int = 64
    lr: float = 1e-3
    epochs: int = 5
    batch_size: int = 32
    seed: int = 0
    out: str = "outputs"
    experiment: str = "heron"
    notes: str = ""
    milestones: List[int] = field(default_factory=list)

    @classmethod
    def read(cls, path: str) -> "TrainConfig":
        with open(path) as stream:
            return cls(**yaml.safe_load(stream))

    def to_dict(self) -> Dict[str, Any]:
        return asdict(self)

    @property
    def hash(self) -> str:
        """The same for trainings that would do the same."""
        core = {k: v for k, v in self.to_dict().items() if k not in ("out", "experiment", "notes")}
        return hashlib.md5(json.dumps(core, sort_keys=True).encode()).hexdigest()[:10]

    @property
    def folder(self) -> Path:
        return Path(self.out) / f"{self.task}-{self.arch}-{self.hash}"
