"""Tracking helpers that the newer modules use."""

import json
from typing import Any, Dict, List, Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from churncast import settings


def experiment_for(target: settings.Target) -> str:
    """The id of a target's experiment, whatever state it is in."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(target.experiment)
    if exp is None:
        return client.create_experiment(target.experiment, tags={"owner": settings.OWNER})
    if exp.lifecycle_stage == "deleted":
        client.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def training_tags(target: settings.Target, job: str, rows: int) -> Dict[str, str]:
    return {
        settings.TAG_TARGET: target.name,
        settings.TAG_JOB: job,
        "owner": settings.OWNER,
        settings.TAG_FEATURE_SET: target.feature_set,
        "rows": str(rows),
    }


def best_run(experiment_id: str, target: str) -> Optional[Run]:
    """The finished run with the lowest error."""
    page = MlflowClient().search_runs(
        [experiment_id],
        filter_string=f"tags.{settings.TAG_TARGET} = '{target}' and attributes.status = 'FINISHED'",
        order_by=[f"metrics.{settings.METRIC} ASC"],
        max_results=1,
    )
    return next(iter(page), None)


def features_of(run: Run) -> List[str]:
    raw = run.data.tags.get(settings.TAG_FEATURES)
    return json.loads(raw) if raw else []


def remember_features(features: List[str]) -> None:
    mlflow.set_tag(settings.TAG_FEATURES, json.dumps(features))


def metric_history(run_id: str, key: str) -> List[Dict[str, Any]]:
    return [{"step": m.step, "value": m.value} for m in MlflowClient().get_metric_history(run_id, key)]
