"""Deletes very old runs."""

from __future__ import annotations

import time

from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient
from prefect import flow, task

from adrank.constants import EXPERIMENT_PREFIX, MARKETS

MAX_AGE_DAYS = 120


@task
def sweep_market(market: str) -> int:
    client = MlflowClient()
    experiment = client.get_experiment_by_name(EXPERIMENT_PREFIX + market)
    if experiment is None:
        return 0
    border = int((time.time() - MAX_AGE_DAYS * 86_400) * 1000)
    stale = client.search_runs(
        [experiment.experiment_id],
        f"attributes.start_time < {border}",
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1000,
    )
    for run in stale:
        client.delete_run(run.info.run_id)
    return len(stale)


@flow(name="adrank-cleanup")
def cleanup() -> None:
    for market in MARKETS:
        print(market, sweep_market(market))
