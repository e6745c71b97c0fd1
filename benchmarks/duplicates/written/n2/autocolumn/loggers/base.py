"""What each logger can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any


class BaseLogger(ABC):
    """One experiment, then one run for each model."""

    @abstractmethod
    def init_experiment(self, name: str, setup: dict[str, Any]) -> None: ...

    @abstractmethod
    def start_model(self, model_id: str, title: str, setup: dict[str, Any]) -> None: ...

    @abstractmethod
    def log_params(self, params: dict[str, Any]) -> None: ...

    @abstractmethod
    def log_metrics(self, metrics: dict[str, float]) -> None: ...

    @abstractmethod
    def log_model(self, model: Any) -> None: ...

    @abstractmethod
    def finish(self, ok: bool = True) -> None: ...


class NullLogger(BaseLogger):
    """Does nothing."""

    def init_experiment(self, name: str, setup: dict[str, Any]) -> None:
        pass

    def start_model(self, model_id: str, title: str, setup: dict[str, Any]) -> None:
        pass

    def log_params(self, params: dict[str, Any]) -> None:
        pass

    def log_metrics(self, metrics: dict[str, float]) -> None:
        pass

    def log_model(self, model: Any) -> None:
        pass

    def finish(self, ok: bool = True) -> None:
        pass
