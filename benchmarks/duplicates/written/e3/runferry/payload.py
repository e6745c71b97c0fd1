"""Params, metrics and artifacts of a run."""

from __future__ import annotations

import tempfile
from typing import Any, Iterator, Sequence

BATCH = 900


def _chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def copy_params(source: Any, run: Any, target: Any, new_id: str) -> int:
    """Copy all params and return how many there were."""
    from mlflow.entities import Param

    params = [Param(key, value) for key, value in run.data.params.items()]
    for part in _chunks(params, 100):
        target.log_batch(new_id, params=part)
    return len(params)


def copy_metrics(source: Any, run: Any, target: Any, new_id: str) -> int:
    """Copy the whole history of all metrics."""
    from mlflow.entities import Metric

    count = 0
    for key in run.data.metrics:
        history = [
            Metric(m.key, m.value, m.timestamp, m.step)
            for m in source.get_metric_history(run.info.run_id, key)
        ]
        for part in _chunks(history, BATCH):
            target.log_batch(new_id, metrics=part)
        count += len(history)
    return count


def copy_artifacts(source: Any, run: Any, target: Any, new_id: str) -> None:
    """Copy all artifacts by way of a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        for item in source.list_artifacts(run.info.run_id):
            source.download_artifacts(run.info.run_id, item.path, folder)
        target.log_artifacts(new_id, folder)
