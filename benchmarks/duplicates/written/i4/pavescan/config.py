"""Settings from YAML and the command line."""

from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Dict, Optional

import yaml


@dataclass
class TrainConfig:
    experiment: str = "pavescan"
    dataset: str = "roads"
    dataset_version: str = "v1"
    backbone: str = "resnet34"
    lr: float = 1e-3
    epochs: int = 40
    batch_size: int = 16
    devices: int = 1
    resume_key: Optional[str] = None
    artifact_root: Optional[str] = None

    def to_dict(self) -> Dict[str, Any]:
        return asdict(self)


def read_config(path: Path, **overrides: Any) -> TrainConfig:
    values = yaml.safe_load(path.read_text()) or {}
    values.update({k: v for k, v in overrides.items() if v is not None})
    known = {f.name for f in fields(TrainConfig)}
    unknown = set(values) - known
    if unknown:
        raise ValueError(f"unknown settings: {sorted(unknown)}")
    return TrainConfig(**values)
