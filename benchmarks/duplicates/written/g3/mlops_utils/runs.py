"""Find runs and wait for them."""

from __future__ import annotations

import time
from typing import Any

from mlflow.entities import Run, RunStatus

from mlops_utils._client import client
from mlops_utils.errors import RunNotFound
from mlops_utils.experiments import experiment_id_of


def latest_run(experiment: str, team: str) -> Run:
    """Give the newest run that a team has finished."""
    runs = client().search_runs(
        [experiment_id_of(experiment)],
        filter_string=f"tags.team = '{team}' AND attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise RunNotFound(f"team {team} in {experiment}")
    return runs[0]


def run_by_name(experiment: str, name: str) -> Run | None:
    """Give the newest run called NAME, or None."""
    hits = client().search_runs(
        [experiment_id_of(experiment)],
        f"attributes.run_name = '{name}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return hits[0] if hits else None


def wait_for(run_id: str, timeout: float = 3600, pause: float = 5) -> Run:
    """Wait until a run has ended."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        run = client().get_run(run_id)
        if RunStatus.is_terminated(RunStatus.from_string(run.info.status)):
            return run
        time.sleep(pause)
    raise TimeoutError(f"run {run_id} has not ended")


def metrics_table(run_ids: list[str]) -> list[dict[str, Any]]:
    rows = []
    for run_id in run_ids:
        run = client().get_run(run_id)
        rows.append({"run_id": run_id, **run.data.metrics})
    return rows


def all_runs(experiment: str, batch: int = 500) -> list[Run]:
    found: list[Run] = []
    page = client().search_runs([experiment_id_of(experiment)], max_results=batch)
    found.extend(page)
    while page.token:
        page = client().search_runs(
            [experiment_id_of(experiment)], max_results=batch, page_token=page.token
        )
        found.extend(page)
    return found
