from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Gate:
    metric: str
    minimum: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ModelConfig:
    name: str
    experiment: str
    gates: tuple[Gate, ...] = ()
    owners: tuple[str, ...] = ()


@dataclass(slots=True)
class Config:
    tracking_uri: str
    models: dict[str, ModelConfig] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Config":
        raw = tomllib.loads(path.read_text())
        models = {}
        for name, entry in raw.get("models", {}).items():
            gates = tuple(Gate(**gate) for gate in entry.pop("gates", []))
            models[name] = ModelConfig(name=name, gates=gates, owners=tuple(entry.pop("owners", ())), **entry)
        return cls(os.environ.get("MLFLOW_TRACKING_URI", raw["tracking_uri"]), models)
