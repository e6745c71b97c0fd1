"""Where the runs live."""

from __future__ import annotations

from siltstone.tracking.base import Tracker

_BACKENDS = {
    "mlflow": ("siltstone.tracking.mlflow_tracker", "MlflowTracker"),
    "wandb": ("siltstone.tracking.wandb_tracker", "WandbTracker"),
    "neptune": ("siltstone.tracking.neptune_tracker", "NeptuneTracker"),
    "aim": ("siltstone.tracking.aim_tracker", "AimTracker"),
}


def make_tracker(backend: str, project: str, **kwargs) -> Tracker:
    import importlib

    module, name = _BACKENDS[backend]
    return getattr(importlib.import_module(module), name)(project, **kwargs)


__all__ = ["Tracker", "make_tracker"]
