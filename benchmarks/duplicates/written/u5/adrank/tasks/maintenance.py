"""Maintenance tasks."""
import logging
import time
import typing as t

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

from adrank.tasks.app import app

logger = logging.getLogger(__name__)
PREFIX = "adrank."
MAX_AGE = 45 * 86400


def _tenant_experiments(client: MlflowClient) -> t.List[t.Any]:
    return list(client.search_experiments(filter_string=f"name LIKE '{PREFIX}%'", view_type=ViewType.ACTIVE_ONLY))


@app.task(name="adrank.tasks.maintenance.sweep")
def sweep() -> int:
    """Deletes retired and failed runs which are too old."""
    client = MlflowClient()
    limit = int((time.time() - MAX_AGE) * 1000)
    deleted = 0
    for experiment in _tenant_experiments(client):
        for state in ("retired", "candidate"):
            for run in client.search_runs([experiment.experiment_id], f"tags.`ad.state` = '{state}'", max_results=1000):
                if run.info.start_time < limit:
                    client.delete_run(run.info.run_id)
                    deleted += 1
    return deleted


@app.task(name="adrank.tasks.maintenance.tenant_health")
def tenant_health() -> t.Dict[str, str]:
    client = MlflowClient()
    report = {}
    for experiment in _tenant_experiments(client):
        last = _last_training(client, experiment.experiment_id)
        top = _top(experiment.experiment_id)
        if last is None:
            report[experiment.name] = "empty"
        elif last.info.status == "FAILED":
            report[experiment.name] = "failing"
        elif top is not None and last.data.metrics.get("logloss", 9.0) > top["metrics.logloss"] * 1.05:
            report[experiment.name] = "degraded"
        else:
            report[experiment.name] = "ok"
    return report


def _last_training(client, experiment_id):
    """Newest run of any state."""
    runs = client.search_runs([experiment_id], order_by=["attributes.start_time DESC"], max_results=1)
    return runs[0] if runs else None


def _top(experiment_id):
    df = mlflow.search_runs([experiment_id], filter_string="status = 'FINISHED'")
    if df.empty or "metrics.logloss" not in df:
        return None
    df = df[df["metrics.logloss"] > 0]
    return df.loc[df["metrics.logloss"].idxmin()] if len(df) else None
