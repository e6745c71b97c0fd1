"""Finding the runs that other flows need."""

from __future__ import annotations

from collections.abc import Iterator

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from adrank.constants import TAG_BUNDLE, TAG_CALIBRATION

DEFAULT_CALIBRATION = "platt-v1"


def latest_bundle_run(experiment_id: str, bundle: str) -> Run | None:
    """The newest finished run of a model bundle."""
    found = MlflowClient().search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`{TAG_BUNDLE}` = '{bundle}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return found[0] if found else None


def best_run(experiment_id: str) -> Run:
    """The run with the highest validation PR-AUC."""
    runs = MlflowClient().search_runs(
        [experiment_id], order_by=["metrics.val_pr_auc DESC"], max_results=1
    )
    if not runs:
        raise LookupError(f"experiment {experiment_id} has no runs")
    return runs[0]


def calibration_of(run: Run) -> str:
    return run.data.tags.get(TAG_CALIBRATION, DEFAULT_CALIBRATION)


def every_run(experiment_id: str, page: int = 500) -> Iterator[Run]:
    client, token = MlflowClient(), None
    while True:
        batch = client.search_runs([experiment_id], max_results=page, page_token=token)
        yield from batch
        token = batch.token
        if not token:
            return
