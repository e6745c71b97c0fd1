"""Pick runs after training."""

from __future__ import annotations

from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run


def best_by_val_loss(experiment_id: str) -> Run:
    """The run with the lowest val_loss."""
    runs = MlflowClient().search_runs(
        [experiment_id],
        order_by=["metrics.val_loss ASC"],
        max_results=1,
    )
    if not runs:
        raise LookupError(f"experiment {experiment_id} has no runs")
    return runs[0]


def best_by_accuracy(experiment_id: str) -> Run | None:
    """The run with the highest accuracy."""
    runs = MlflowClient().search_runs([experiment_id], order_by=["metrics.val_accuracy DESC"], max_results=1)
    return runs[0] if runs else None


def of_framework(experiment_id: str, framework: str) -> list[Run]:
    """All runs of a framework."""
    return mlflow.search_runs(
        [experiment_id], filter_string=f"tags.framework = '{framework}'", output_format="list"
    )


def best_params(experiment_id: str) -> dict[str, Any]:
    """The parameters of the best run."""
    return best_by_val_loss(experiment_id).data.params


def load_best(experiment_id: str) -> Any:
    """The model of the best run."""
    best, lowest = None, float("inf")
    for run in MlflowClient().search_runs(experiment_ids=[experiment_id]):
        loss = run.data.metrics.get("val_loss")
        if loss is not None and loss < lowest:
            best, lowest = run, loss
    if best is None:
        raise LookupError("no run with val_loss")
    return mlflow.pyfunc.load_model(f"runs:/{best.info.run_id}/model")


def drop_empty(experiment_id: str) -> int:
    """Delete runs without any metric."""
    client, n = MlflowClient(), 0
    for run in client.search_runs([experiment_id]):
        if not run.data.metrics:
            client.delete_run(run.info.run_id)
            n += 1
    return n
