"""The training loop."""

from __future__ import annotations

import logging
from typing import Any, Iterable, Protocol

from lanternfit.callbacks.base import Callback
from lanternfit.config import TrainConfig
from lanternfit.loggers.base import Logger

log = logging.getLogger(__name__)


class Module(Protocol):
    """What is trained."""

    def step(self, batch: Any, lr: float) -> float: ...

    def evaluate(self, data: Iterable[Any]) -> dict[str, float]: ...

    def state(self) -> dict[str, Any]: ...


class Trainer:
    """Runs the epochs and tells callbacks and the logger."""

    def __init__(
        self,
        config: TrainConfig,
        logger: Logger | None = None,
        callbacks: Iterable[Callback] = (),
    ) -> None:
        self.config = config
        self.logger = logger
        self.callbacks = list(callbacks)
        self.epoch = 0
        self.should_stop = False
        self.metrics: dict[str, float] = {}

    def _call(self, hook: str, *args: Any) -> None:
        for callback in self.callbacks:
            getattr(callback, hook)(self, *args)

    def fit(self, module: Module, train: Iterable[Any], val: Iterable[Any]) -> dict[str, float]:
        """Train for the epochs of the config and return the last metrics."""
        if self.logger is not None:
            self.logger.log_params(self.config.flat())
        self._call("on_fit_start")
        try:
            for self.epoch in range(self.config.epochs):
                losses = [module.step(batch, self.config.learning_rate) for batch in train]
                self.metrics = {"train_loss": sum(losses) / max(len(losses), 1)}
                self.metrics.update(module.evaluate(val))
                if self.logger is not None:
                    self.logger.log_metrics(self.metrics, step=self.epoch)
                self._call("on_epoch_end", self.metrics)
                if self.should_stop:
                    log.info("stopped in epoch %d", self.epoch)
                    break
        except BaseException as error:
            self._call("on_exception", error)
            if self.logger is not None:
                self.logger.finalize("failed")
            raise
        self._call("on_fit_end")
        if self.logger is not None:
            self.logger.finalize("success")
        return self.metrics
