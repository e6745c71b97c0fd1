"""Logging to one run by its id: in batches, collected when wished, artifacts with care."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from trackfix.tracking.batches import (
    make_metric,
    make_params,
    make_tags,
    send_metrics,
    send_params,
    send_tags,
)
from trackfix.tracking.errors import mlflow_errors

if TYPE_CHECKING:
    from trackfix.tracking.open_run import OpenRun

logger = logging.getLogger("trackfix.tracking")


class RunLogger(ABC):
    """The logging half of a tracker; the other half says where to. Any thread may log."""

    on_artifact_error: Literal["warn", "raise"] = "warn"

    @abstractmethod
    def _destination(self, doing: str) -> OpenRun | None:
        """Where to log now; None: what is logged is dropped. Or raises what says so."""

    def log_metric(
        self, key: str, value: Any, step: int | None = None, timestamp: float | None = None
    ) -> None:
        """Log one point: one request, or none now when points are collected.

        Args:
            value: a number, or what ``float()`` makes one of.
            step: 0 without it.
            timestamp: milliseconds since 1970, as ``time.time() * 1000``; now without it.

        Raises:
            LimitError: no number, or a key, step or timestamp that MLflow can't store.
            RunStateError: there is no run.
            TrackingError: it can't be stored, or one collected earlier can't be.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_metric("loss", 0.5, step=1)
        """
        self.log_metrics({key: value}, step, timestamp)

    def log_metrics(
        self, metrics: Mapping[str, Any], step: int | None = None, timestamp: float | None = None
    ) -> None:
        """Log points of one step in one request (one for each 1,000 metrics or 1 MB, MLflow's
        limits), or in none now when points are collected; otherwise as ``log_metric``.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_metrics({"loss": 0.5, "f1": 0.8}, step=1)
        """
        to = self._destination(f"logging metrics {', '.join(map(str, metrics))}")
        if to is None:
            return
        now = round(time.time() * 1000) if timestamp is None else timestamp
        points = [make_metric(key, value, now, step or 0) for key, value in metrics.items()]
        if to.buffer is None:
            send_metrics(to.client, to.run_id, points)
        else:
            to.buffer.add(points)

    def log_param(self, key: str, value: Any) -> None:
        """Log one param, or several when the value is a mapping; see ``log_params``.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_param("depth", 3)
        """
        self.log_params({key: value})

    def log_params(self, params: Mapping[Any, Any]) -> None:
        """Log params in one request (one for each 100 params or 1 MB, MLflow's limits). Nested ones
        are flattened with dots; lists and empty mappings are kept as text.

        Raises:
            LimitError: two keys flatten to one, a key can't be stored, or a param has another
                value already.
            RunStateError: there is no run.
            TrackingError: they can't be stored.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_params({"model": {"depth": 3, "layers": [64, 32]}, "seed": 1})
        >>> sorted(tracker.client.get_run(tracker.run_id).data.params.items())
        [('model.depth', '3'), ('model.layers', '[64, 32]'), ('seed', '1')]
        """
        to = self._destination("logging params")
        if to is not None:
            send_params(to.client, to.run_id, make_params(params))

    def set_tag(self, key: str, value: Any) -> None:
        """Set one tag, see ``set_tags``.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.set_tag("stage", "training")
        """
        self.set_tags({key: value})

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags in one request (one for each 100 tags or 1 MB, MLflow's limits). A value of None
        leaves one out.

        Raises:
            LimitError: MLflow can't store a key.
            RunStateError: there is no run.
            TrackingError: they can't be stored.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.set_tags({"stage": "training", "fold": 1})
        """
        to = self._destination(f"setting tags {', '.join(map(str, tags))}")
        if to is not None:
            send_tags(to.client, to.run_id, make_tags(tags))

    def log_artifact(self, local_path: str | Path, artifact_path: str | None = None) -> None:
        """Upload a file or a folder.

        An upload that fails logs a warning with the path, and the program goes on; with
        ``on_artifact_error="raise"`` it raises instead.

        Args:
            artifact_path: the folder of the run's artifacts that it goes to.

        Raises:
            RunStateError: there is no run.
            TrackingError, OSError: the upload failed, with ``on_artifact_error="raise"``; also what
                the client of an object store raises.

        >>> from pathlib import Path
        >>> from trackfix.tracking import MLflowTracker
        >>> _ = Path("model.txt").write_text("weights")
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_artifact("model.txt", "models")
        ...     tracker.log_artifact("no-such-file.txt")  # a warning
        >>> [file.path for file in tracker.client.list_artifacts(tracker.run_id, "models")]
        ['models/model.txt']
        """
        with self._uploading(str(local_path)) as to:
            if to is not None:
                to.client.log_artifact(to.run_id, str(local_path), artifact_path)

    def log_artifacts(self, local_dir: str | Path, artifact_path: str | None = None) -> None:
        """Upload what is in a folder; errors as in ``log_artifact``.

        >>> from pathlib import Path
        >>> from trackfix.tracking import MLflowTracker
        >>> Path("plots").mkdir()
        >>> _ = Path("plots/roc.txt").write_text("a curve")
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_artifacts("plots")
        >>> [file.path for file in tracker.client.list_artifacts(tracker.run_id)]
        ['roc.txt']
        """
        with self._uploading(str(local_dir)) as to:
            if to is not None:
                to.client.log_artifacts(to.run_id, str(local_dir), artifact_path)

    def log_text(self, text: str, artifact_file: str) -> None:
        """Store text as an artifact; errors as in ``log_artifact``.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_text("all went well", "notes/report.txt")
        """
        with self._uploading(artifact_file) as to:
            if to is not None:
                to.client.log_text(to.run_id, text, artifact_file)

    def log_dict(self, dictionary: dict[str, Any], artifact_file: str) -> None:
        """Store a dict as an artifact, JSON or YAML by the suffix; errors as in ``log_artifact``.

        >>> from trackfix.tracking import MLflowTracker
        >>> with MLflowTracker("churn") as tracker:
        ...     tracker.log_dict({"labels": ["stays", "leaves"]}, "labels.json")
        """
        with self._uploading(artifact_file) as to:
            if to is not None:
                to.client.log_dict(to.run_id, dictionary, artifact_file)

    @contextmanager
    def _uploading(self, path: str) -> Iterator[OpenRun | None]:
        to = self._destination(f"uploading {path}")
        run = to.run_id if to else "none"
        try:
            with mlflow_errors(f"uploading {path} to run {run}"):
                yield to
        except Exception as error:
            # Each kind of artifact store raises exceptions of its own.
            if self.on_artifact_error == "raise":
                raise
            logger.warning("%s was not uploaded to run %s: %r", path, run, error)
