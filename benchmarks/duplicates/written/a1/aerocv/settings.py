from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class OptimizerSettings:
    name: str = "adamw"
    lr: float = 3e-4
    weight_decay: float = 0.01
    warmup_steps: int = 500


@dataclass
class TrainSettings:
    data_root: Path
    experiment: str = "aerocv/detection"
    backbone: str = "resnet50"
    image_size: int = 640
    epochs: int = 30
    batch_size: int = 8
    folds: int = 5
    seed: int = 17
    amp: bool = True
    optimizer: OptimizerSettings = field(default_factory=OptimizerSettings)

    def as_params(self) -> dict[str, str]:
        flat = {
            "backbone": self.backbone,
            "image_size": self.image_size,
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "seed": self.seed,
            "amp": self.amp,
        }
        for key, value in vars(self.optimizer).items():
            flat[f"optimizer.{key}"] = value
        return {key: str(value) for key, value in flat.items()}


def settings_from_env() -> TrainSettings:
    root = os.environ.get("AEROCV_DATA", "data")
    return TrainSettings(
        data_root=Path(root),
        backbone=os.environ.get("AEROCV_BACKBONE", "resnet50"),
        experiment=os.environ.get("AEROCV_EXPERIMENT", "aerocv/detection"),
    )
