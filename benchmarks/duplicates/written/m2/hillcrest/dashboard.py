"""Numbers for a small dashboard."""

from __future__ import annotations

from typing import Any, Dict, List

import mlflow
from mlflow.tracking import MlflowClient

from hillcrest.integration import _tags


def _where(**tags: str) -> str:
    return " and ".join(f"tags.`hillcrest.{k}` = '{v}'" for k, v in tags.items())


def leader(experiment_id: str, study: str, direction: str) -> Dict[str, Any]:
    """What the head of the page shows."""
    client = MlflowClient()
    candidates = client.search_runs([experiment_id], _where(study=study, trial_state="COMPLETE"))
    candidates = [r for r in candidates if "value" in r.data.metrics]
    if not candidates:
        return {}
    candidates.sort(key=lambda r: r.data.metrics["value"], reverse=direction == "maximize")
    first = candidates[0]
    return {"run": first.info.run_id, "value": first.data.metrics["value"], "params": first.data.params}


def history(experiment_id: str, study: str) -> List[Dict[str, Any]]:
    """Points of the curve, in the order of the trials."""
    points = []
    for run in MlflowClient().search_runs([experiment_id], _where(study=study)):
        raw = run.data.tags.get(_tags.TRIAL, "")
        number = int(raw) if raw.isdigit() else -1
        state = run.data.tags.get(_tags.STATE) or "RUNNING"
        if number >= 0:
            points.append({"x": number, "y": run.data.metrics.get("value"), "state": state})
    return sorted(points, key=lambda p: p["x"])


def studies(experiment_id: str) -> List[str]:
    names = {r.data.tags.get(_tags.STUDY) for r in MlflowClient().search_runs([experiment_id])}
    return sorted(n for n in names if n)


def link(run_id: str) -> str:
    run = mlflow.get_run(run_id)
    return f"{mlflow.get_tracking_uri()}/#/experiments/{run.info.experiment_id}/runs/{run_id}"
