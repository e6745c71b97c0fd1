"""Reports of pipeline runs."""

from __future__ import annotations

import datetime as dt
from typing import Any, Dict, List, Optional

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from loomstep.integrations.mlflow import lookup


def when(run: Run) -> str:
    return dt.datetime.fromtimestamp(run.info.start_time / 1000, dt.timezone.utc).isoformat(timespec="seconds")


def step_rows(experiment_id: str, parent_id: str) -> List[Dict[str, Any]]:
    rows = []
    for run in lookup.step_runs(MlflowClient(), experiment_id, parent_id):
        tags = run.data.tags
        attempt = tags.get("loomstep.attempt")
        tries = int(attempt) + 1 if attempt and attempt.isdigit() else 1
        rows.append({"step": tags.get("loomstep.step"), "tries": tries, "status": run.info.status})
    return rows


def newest_good(experiment: str, pipeline: str) -> Optional[str]:
    """Id of the newest run of a pipeline that ended well."""
    table = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.`loomstep.pipeline` = '{pipeline}' and tags.`loomstep.kind` = 'pipeline'",
    )
    table = table.query("status == 'FINISHED'") if not table.empty else table
    if table.empty:
        return None
    return table.loc[table["start_time"].idxmax(), "run_id"]


def resolve(experiment_id: str, text: str) -> Optional[Run]:
    """A run from what a user typed: a key, else a name, else the newest."""
    client = MlflowClient()
    run = lookup.pipeline_run(client, experiment_id, text)
    if run is None:
        named = client.search_runs([experiment_id], f"attributes.run_name = '{text}'", max_results=1)
        run = named[0] if named else None
    if run is None and text == "latest":
        newest = client.search_runs([experiment_id], order_by=["start_time DESC"], max_results=1)
        run = newest[0] if newest else None
    return run


def quickest(experiment_id: str, pipeline: str) -> Optional[Run]:
    runs = MlflowClient().search_runs(
        [experiment_id],
        f"tags.`loomstep.pipeline` = '{pipeline}' and tags.`loomstep.kind` = 'pipeline'",
        order_by=["metrics.duration_s ASC"],
        max_results=1,
    )
    return runs[0] if runs else None


def text_report(experiment_id: str, run: Run) -> str:
    lines = [f"{run.info.run_name} {when(run)} {run.info.status}"]
    for row in step_rows(experiment_id, run.info.run_id):
        lines.append(f"  {row['step']:<20} {row['status']:<10} tries {row['tries']}")
    return "\n".join(lines)
