"""A small backend for the dashboard."""

import asyncio
from typing import Any, Dict, List, Optional

from fastapi import FastAPI, HTTPException, Query
from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

app = FastAPI(title="assaydesk")
client = MlflowClient()


def as_json(run: Run) -> Dict[str, Any]:
    return {
        "id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "metrics": run.data.metrics,
        "tags": {k: v for k, v in run.data.tags.items() if k.startswith("assay.")},
    }


def experiment_or_404(suite: str) -> str:
    exp = client.get_experiment_by_name(f"assaydesk/{suite}")
    if exp is None:
        raise HTTPException(404, f"no suite {suite}")
    return exp.experiment_id


@app.get("/suites")
async def suites() -> List[str]:
    found = await asyncio.to_thread(client.search_experiments, view_type=ViewType.ACTIVE_ONLY)
    return [e.name.split("/", 1)[1] for e in found if e.name.startswith("assaydesk/")]


@app.get("/suites/{suite}/runs")
async def runs(suite: str, limit: int = Query(50, le=500), token: Optional[str] = None) -> Dict[str, Any]:
    experiment_id = experiment_or_404(suite)
    page = await asyncio.to_thread(
        client.search_runs,
        [experiment_id],
        "tags.`assay.level` = 'evaluation'",
        order_by=["attributes.start_time DESC"],
        max_results=limit,
        page_token=token,
    )
    return {"runs": [as_json(run) for run in page], "next": page.token}


@app.get("/suites/{suite}/baseline")
async def baseline(suite: str) -> Dict[str, Any]:
    experiment_id = experiment_or_404(suite)
    found = await asyncio.to_thread(
        client.search_runs,
        experiment_ids=[experiment_id],
        filter_string=f"attributes.status = 'FINISHED' and tags.`assay.baseline` = 'true' and tags.`assay.suite` = '{suite}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not found:
        raise HTTPException(404, "no baseline yet")
    return as_json(found[0])


@app.get("/suites/{suite}/latest")
async def latest(suite: str) -> Dict[str, Any]:
    found = client.search_runs(
        [experiment_or_404(suite)], "tags.`assay.level` = 'suite'", order_by=["start_time DESC"], max_results=1
    )
    if not found:
        raise HTTPException(404, "nothing ran yet")
    return as_json(found[0])


@app.get("/runs/{run_id}")
async def one(run_id: str) -> Dict[str, Any]:
    try:
        return as_json(client.get_run(run_id))
    except MlflowException as error:
        raise HTTPException(404, str(error)) from error


@app.delete("/runs/{run_id}")
async def remove(run_id: str) -> None:
    client.delete_run(run_id)
