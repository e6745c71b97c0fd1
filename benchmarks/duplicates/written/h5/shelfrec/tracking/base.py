"""What a tracker has to be able to do."""
from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Dict, Optional

from shelfrec.registry import trackers
from shelfrec.types import JobSpec


class Tracker(ABC):
    @abstractmethod
    def open(self, spec: JobSpec) -> str: ...

    @abstractmethod
    def open_shard(self, parent_id: str, shard: int, count: int) -> str: ...

    @abstractmethod
    def known(self, key: str) -> Optional[str]: ...

    @abstractmethod
    def metrics(self, run_id: str, values: Dict[str, float]) -> None: ...

    @abstractmethod
    def close(self, run_id: str, ok: bool = True) -> None: ...


@trackers.register("none")
class NullTracker(Tracker):
    """Tracks nothing; for tests and for notebooks."""

    def open(self, spec: JobSpec) -> str:
        return spec.key

    def open_shard(self, parent_id: str, shard: int, count: int) -> str:
        return f"{parent_id}-{shard}"

    def known(self, key: str) -> Optional[str]:
        return None

    def metrics(self, run_id: str, values: Dict[str, float]) -> None:
        pass

    def close(self, run_id: str, ok: bool = True) -> None:
        pass
