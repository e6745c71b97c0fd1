"""Configuration of a study."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class StudyConfig:
    """All that a study needs to know before it starts."""

    name: str
    target: str
    metric: str = "val_auc"
    direction: str = "maximize"
    n_trials: int = 25
    timeout: float | None = None
    seed: int = 17
    sampler: str = "random"
    experiment: str = "pinetree"
    tracking_uri: str | None = None
    autolog: bool = False
    space: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.direction not in ("maximize", "minimize"):
            raise ValueError(f"direction must be maximize or minimize, not {self.direction!r}")
        if self.n_trials < 1:
            raise ValueError("n_trials must be positive")

    @property
    def key(self) -> str:
        """A short hash of the study: equal configs share it."""
        data = asdict(self)
        data.pop("tracking_uri")
        data.pop("n_trials")
        text = json.dumps(data, sort_keys=True, default=str)
        return hashlib.sha1(text.encode()).hexdigest()[:12]


def load_config(path: str | Path) -> StudyConfig:
    """Read a study from a JSON file."""
    raw = json.loads(Path(path).read_text(encoding="utf-8"))
    unknown = set(raw) - set(StudyConfig.__dataclass_fields__)
    if unknown:
        raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
    cfg = StudyConfig(**raw)
    cfg.tracking_uri = cfg.tracking_uri or os.environ.get("MLFLOW_TRACKING_URI")
    return cfg
