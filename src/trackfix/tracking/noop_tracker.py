"""What every tracker can do, and the tracker that does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol

from trackfix.tracking.run_logger import RunLogger

if TYPE_CHECKING:
    from typing_extensions import Self


class Tracker(Protocol):
    """What ``MLflowTracker`` and ``NoopTracker`` have in common: annotate with this.

    >>> from trackfix.tracking import NoopTracker, Tracker
    >>> def train(tracker: Tracker) -> None:
    ...     with tracker.start_run("fit"):
    ...         tracker.log_metric("loss", 0.5, step=1)
    >>> train(NoopTracker())
    """

    @property
    def run_id(self) -> str | None: ...
    def start_run(
        self,
        run_name: str | None = None,
        *,
        tags: Mapping[str, Any] | None = None,
        nested: bool | None = None,
        parent_run_id: str | None = None,
    ) -> Self: ...
    def end_run(self, status: str = "FINISHED") -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
    def log_metric(
        self, key: str, value: Any, step: int | None = None, timestamp: float | None = None
    ) -> None: ...
    def log_metrics(
        self, metrics: Mapping[str, Any], step: int | None = None, timestamp: float | None = None
    ) -> None: ...
    def log_param(self, key: str, value: Any) -> None: ...
    def log_params(self, params: Mapping[Any, Any]) -> None: ...
    def set_tag(self, key: str, value: Any) -> None: ...
    def set_tags(self, tags: Mapping[str, Any]) -> None: ...
    def log_artifact(self, local_path: str | Path, artifact_path: str | None = None) -> None: ...
    def log_artifacts(self, local_dir: str | Path, artifact_path: str | None = None) -> None: ...
    def log_text(self, text: str, artifact_file: str) -> None: ...
    def log_dict(self, dictionary: dict[str, Any], artifact_file: str) -> None: ...
    def flush(self) -> None: ...


class NoopTracker(RunLogger):
    """A tracker that takes every call and logs nothing; ``run_id`` is always None.

    >>> from trackfix.tracking import NoopTracker
    >>> with NoopTracker() as tracker:
    ...     tracker.log_params({"depth": 3})
    >>> tracker.run_id is None
    True
    """

    @property
    def run_id(self) -> None:
        """None: there is no run."""

    def start_run(
        self,
        run_name: str | None = None,
        *,
        tags: Mapping[str, Any] | None = None,
        nested: bool | None = None,
        parent_run_id: str | None = None,
    ) -> Self:
        """Start nothing."""
        return self

    def end_run(self, status: str = "FINISHED") -> None:
        """End nothing."""

    def flush(self) -> None:
        """Send nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        pass

    def _destination(self, doing: str) -> None:
        return None
