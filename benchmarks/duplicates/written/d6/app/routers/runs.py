"""Looks runs up for the dashboard."""
from __future__ import annotations

import json
from datetime import datetime, timezone

from fastapi import APIRouter, Depends, HTTPException, Query
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from app.config import config
from app.deps import registry
from app.ml.registry import RunRegistry
from app.schemas import RunInfo

router = APIRouter(prefix="/v1/runs", tags=["runs"])


def _info(run) -> RunInfo:
    return RunInfo(
        run_id=run.info.run_id,
        started=datetime.fromtimestamp(run.info.start_time / 1000, tz=timezone.utc),
        dataset=run.data.params.get("dataset"),
        f1=run.data.metrics.get("f1_macro"),
    )


@router.get("")
def list_runs(
    page_token: str | None = None,
    size: int = Query(20, le=100),
    reg: RunRegistry = Depends(registry),
):
    exp = reg.client.get_experiment_by_name(config.train_experiment)
    page = reg.client.search_runs(
        [exp.experiment_id], max_results=size, page_token=page_token, order_by=["attributes.start_time DESC"]
    )
    return {"runs": [_info(r) for r in page], "next": page.token}


@router.get("/latest")
def latest(dataset: str = config.dataset) -> RunInfo:
    client = MlflowClient(config.mlflow_uri)
    exp = client.get_experiment_by_name(config.train_experiment)
    if exp is None:
        raise HTTPException(503, "no experiment")
    query = " and ".join(["attributes.status = 'FINISHED'", "params.dataset = '%s'" % dataset])
    for run in client.search_runs([exp.experiment_id], query, order_by=["start_time DESC"], max_results=1):
        return _info(run)
    raise HTTPException(404, f"nothing trained on {dataset}")


@router.get("/{run_id}/labels")
def labels(run_id: str, reg: RunRegistry = Depends(registry)):
    try:
        run = reg.client.get_run(run_id)
    except MlflowException:
        raise HTTPException(404, "no such run")
    raw = run.data.tags.get("serve.labels")
    if raw is None:
        raise HTTPException(409, "the run is not for serving")
    names = json.loads(raw)
    max_len = int(run.data.tags.get("serve.max_len") or 4000)
    threshold = float(run.data.tags.get("serve.threshold") or 0.5)
    return {"labels": names, "max_len": max_len, "threshold": threshold}
