"""What every tracker can do."""

from __future__ import annotations

import abc
from typing import Any, Dict, Optional

from siltstone.dataset import DatasetVersion


class Tracker(abc.ABC):
    """One run at a time in one project."""

    def __init__(self, project: str, **options: Any) -> None:
        self.project = project
        self.options = options

    @abc.abstractmethod
    def start(self, name: str, version: Optional[DatasetVersion] = None) -> str:
        """Start a run and return its id."""

    @abc.abstractmethod
    def log_metrics(self, values: Dict[str, float], step: Optional[int] = None) -> None: ...

    @abc.abstractmethod
    def find_producer(self, version: DatasetVersion) -> Optional[str]:
        """The id of the run that made a version."""

    @abc.abstractmethod
    def stop(self, failed: bool = False) -> None: ...

    def __enter__(self) -> "Tracker":
        return self

    def __exit__(self, exc_type, exc, tb) -> None:
        self.stop(failed=exc_type is not None)
