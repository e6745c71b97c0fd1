"""The questions over HTTP."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from runlens import compare as comparisons
from runlens import queries
from runlens.serialize import run_to_dict
from runlens.store import UnknownExperiment, experiment_id_of, get_client

router = APIRouter(prefix="/api")


def experiment(name: str) -> str:
    """The experiment in the path."""
    try:
        return experiment_id_of(name)
    except UnknownExperiment:
        raise HTTPException(404, f"no experiment {name}") from None


@router.get("/experiments/{name}/runs")
def runs(
    experiment_id: str = Depends(experiment),
    limit: int = Query(20, le=200),
    status: str | None = None,
) -> list[dict[str, Any]]:
    """The newest runs."""
    return [run_to_dict(run, full=False) for run in queries.recent_runs(experiment_id, limit, status)]


@router.get("/experiments/{name}/latest")
def latest(
    experiment_id: str = Depends(experiment), client: MlflowClient = Depends(get_client)
) -> dict[str, Any]:
    """The newest run."""
    all_runs = client.search_runs([experiment_id])
    if not all_runs:
        raise HTTPException(404, "no runs")
    newest = max(all_runs, key=lambda run: run.info.start_time)
    return run_to_dict(newest)


@router.get("/experiments/{name}/best")
def best(
    metric: str, minimize: bool | None = None, experiment_id: str = Depends(experiment)
) -> dict[str, Any]:
    """The best finished run."""
    run = queries.best_run(experiment_id, metric, minimize)
    if run is None:
        raise HTTPException(404, f"no finished run has {metric}")
    return run_to_dict(run)


@router.get("/runs/{run_id}")
def one(run_id: str, client: MlflowClient = Depends(get_client)) -> dict[str, Any]:
    """One run by its id."""
    try:
        return run_to_dict(client.get_run(run_id))
    except MlflowException as error:
        raise HTTPException(error.get_http_status_code(), error.message) from error


@router.get("/runs/{run_id}/children")
def nested(run_id: str) -> list[dict[str, Any]]:
    """The nested runs."""
    return [run_to_dict(run, full=False) for run in queries.children(run_id)]


@router.get("/compare")
def compare(run_id: list[str] = Query(...)) -> dict[str, Any]:
    """What is not the same in some runs."""
    return comparisons.compare(run_id)


@router.delete("/runs/{run_id}")
def delete(run_id: str, client: MlflowClient = Depends(get_client)) -> dict[str, str]:
    """Delete a run that is not marked as kept."""
    run = client.get_run(run_id)
    if run.data.tags.get("runlens.keep", "false").lower() == "true":
        raise HTTPException(409, "the run is marked as kept")
    client.delete_run(run_id)
    return {"deleted": run_id}


def create_app() -> FastAPI:
    """The application."""
    app = FastAPI(title="runlens")
    app.include_router(router)
    return app
