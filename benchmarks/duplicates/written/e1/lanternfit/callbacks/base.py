"""The base class of callbacks."""

from __future__ import annotations

from typing import Any


class Callback:
    """All hooks do nothing by default."""

    def on_fit_start(self, trainer: Any) -> None: ...

    def on_epoch_end(self, trainer: Any, metrics: dict[str, float]) -> None: ...

    def on_exception(self, trainer: Any, error: BaseException) -> None: ...

    def on_fit_end(self, trainer: Any) -> None: ...


class EarlyStopping(Callback):
    """Stops when a metric has not become better for some epochs."""

    def __init__(self, metric: str = "val_loss", patience: int = 3) -> None:
        self.metric = metric
        self.patience = patience
        self.best = float("inf")
        self.bad = 0

    def on_epoch_end(self, trainer: Any, metrics: dict[str, float]) -> None:
        value = metrics.get(self.metric, float("inf"))
        if value < self.best:
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        trainer.should_stop = self.bad >= self.patience
