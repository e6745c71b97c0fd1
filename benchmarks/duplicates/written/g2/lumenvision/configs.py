"""Dataclass configs; every run starts from one of these."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any


class Task(str, Enum):
    DETECTION = "detection"
    CLASSIFICATION = "classification"


class RunTag(str, Enum):
    """Keys of the tags that our dashboards read."""

    TASK = "cv.task"
    BACKBONE = "cv.backbone"
    DATASET = "cv.dataset"
    DATASET_VERSION = "cv.dataset_version"
    IMAGE_SIZE = "cv.image_size"
    STAGE = "cv.stage"


@dataclass
class DataConfig:
    name: str = "warehouse"
    version: str = "2024.2"
    image_size: tuple[int, int] = (640, 640)
    classes: list[str] = field(default_factory=lambda: ["box", "pallet", "forklift"])


@dataclass
class OptimConfig:
    lr: float = 1e-3
    weight_decay: float = 1e-4
    warmup: int = 3
    batch_size: int = 16


@dataclass
class TrainConfig:
    experiment: str = "lumen-detection"
    task: Task = Task.DETECTION
    backbone: str = "resnet50"
    epochs: int = 30
    seed: int = 7
    data: DataConfig = field(default_factory=DataConfig)
    optim: OptimConfig = field(default_factory=OptimConfig)

    def flat(self) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        for key, value in asdict(self).items():
            if isinstance(value, dict):
                flat.update({f"{key}.{inner}": v for inner, v in value.items()})
            else:
                flat[key] = value
        return flat
