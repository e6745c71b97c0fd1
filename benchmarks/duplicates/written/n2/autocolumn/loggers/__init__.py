"""Loggers: MLflow, W&B, or none."""

from __future__ import annotations

from typing import Any

from autocolumn.loggers.base import BaseLogger, NullLogger


def make_logger(name: str | None, **options: Any) -> BaseLogger:
    """The logger with this name; no name gives one that does nothing."""
    if not name:
        return NullLogger()
    if name == "mlflow":
        from autocolumn.loggers.mlflow_logger import MlflowLogger

        return MlflowLogger(**options)
    if name == "wandb":
        from autocolumn.loggers.wandb_logger import WandbLogger

        return WandbLogger(**options)
    raise ValueError(f"no logger {name!r}")
