"""Experiment configuration."""
from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml


@dataclasses.dataclass(frozen=True)
class DataConfig:
    assay: str
    path: Path
    targets: tuple[str, ...]
    split: str = "scaffold"
    n_folds: int = 5
    seed: int = 13


@dataclasses.dataclass(frozen=True)
class ModelConfig:
    hidden: int = 256
    depth: int = 4
    dropout: float = 0.1
    readout: str = "attention"


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    data: DataConfig
    model: ModelConfig = ModelConfig()
    lr: float = 3e-4
    weight_decay: float = 1e-5
    batch_size: int = 64
    epochs: int = 120
    patience: int = 15
    experiment: str = "admet/default"

    @classmethod
    def from_yaml(cls, path: str | Path) -> TrainConfig:
        raw = yaml.safe_load(Path(path).read_text())
        data = raw.pop("data")
        data["path"] = Path(data["path"])
        data["targets"] = tuple(data["targets"])
        return cls(data=DataConfig(**data), model=ModelConfig(**raw.pop("model", {})), **raw)

    def as_params(self) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for key, value in dataclasses.asdict(self).items():
            if isinstance(value, dict):
                flat.update({f"{key}.{k}": v for k, v in value.items()})
            else:
                flat[key] = value
        return flat

    def digest(self) -> str:
        text = json.dumps(self.as_params(), sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
