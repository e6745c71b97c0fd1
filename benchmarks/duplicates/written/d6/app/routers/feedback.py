from __future__ import annotations

import time
from collections import Counter

from fastapi import APIRouter
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from app.config import config
from app.schemas import Feedback

router = APIRouter(prefix="/v1/feedback", tags=["feedback"])
_client = MlflowClient(config.mlflow_uri)
_counts: Counter = Counter()
_run_id: str | None = None


def _experiment_id() -> str:
    exp = _client.get_experiment_by_name(config.serve_experiment)
    if exp is None:
        try:
            return _client.create_experiment(config.serve_experiment, tags={"env": config.env})
        except MlflowException:  # another worker was faster
            exp = _client.get_experiment_by_name(config.serve_experiment)
    return exp.experiment_id


def _session() -> str:
    """one run per process"""
    global _run_id
    if _run_id is None:
        _run_id = _client.create_run(
            _experiment_id(),
            start_time=int(time.time() * 1000),
            run_name=f"feedback-{config.env}",
            tags={"service": "feedback", "env": config.env, "version": config.version},
        ).info.run_id
    return _run_id


@router.post("", status_code=204)
def feedback(item: Feedback) -> None:
    _counts["all"] += 1
    _counts["right"] += item.predicted == item.correct
    run_id = _session()
    _client.log_metric(run_id, "accuracy", _counts["right"] / _counts["all"], step=_counts["all"])


def close() -> None:
    global _run_id
    if _run_id is not None:
        _client.set_terminated(_run_id)
        _run_id = None
