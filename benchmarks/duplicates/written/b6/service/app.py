from __future__ import annotations

import asyncio
import contextlib
import os
from typing import Any

import mlflow
import pandas as pd
from fastapi import Depends, FastAPI, HTTPException
from mlflow import MlflowClient
from pydantic import BaseModel

from service.cache import Models

ALIAS = os.environ.get("ALIAS", "production")


@contextlib.asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.models = Models(ALIAS)
    task = asyncio.create_task(app.state.models.refresh_forever())
    yield
    task.cancel()


app = FastAPI(title="shipyard models", lifespan=lifespan)


class Rows(BaseModel):
    rows: list[dict[str, Any]]


def tracking() -> MlflowClient:
    return MlflowClient()


@app.post("/predict/{model}")
async def predict(model: str, body: Rows):
    loaded = await app.state.models.get(model)
    result = await asyncio.to_thread(loaded.predict, pd.DataFrame(body.rows))
    return {"predictions": list(map(float, result))}


@app.post("/explain/{model}")
async def explain(model: str, body: Rows):
    loaded = await app.state.models.get(model)
    native = loaded.unwrap_python_model()
    result = await asyncio.to_thread(native.contributions, pd.DataFrame(body.rows))
    return {"contributions": result.to_dict("records")}


@app.get("/releases/{release_id}")
async def release(release_id: str, team: str = "core", client: MlflowClient = Depends(tracking)):
    experiment = await asyncio.to_thread(client.get_experiment_by_name, f"audit/{team}")
    if experiment is None:
        raise HTTPException(404, "team unknown")
    ordered = await asyncio.to_thread(
        client.search_runs, [experiment.experiment_id], order_by=["attributes.start_time DESC"]
    )
    for candidate in ordered:
        if candidate.data.tags.get("release.id") == release_id:
            run = candidate
            break
    else:
        raise HTTPException(404, "release unknown")
    tags = run.data.tags
    return {
        "run_id": run.info.run_id,
        "ticket": (tags["release.ticket"] if "release.ticket" in tags else "").upper(),
        "signed": tags.get("release.signed_off", "").lower() == "true",
    }


@app.get("/models/{model}/gate")
def gate(model: str, experiment: str):
    found = mlflow.get_experiment_by_name(experiment)
    if found is None:
        raise HTTPException(404)
    frame = mlflow.search_runs(
        [found.experiment_id],
        filter_string=" and ".join([f"tags.`gate.model` = '{model}'", "tags.`gate.status` = 'passed'"]),
        order_by=["start_time DESC"],
    )
    if not len(frame):
        raise HTTPException(404, "nothing has passed")
    run_id = frame.head(1)["run_id"].item()
    return {"run_id": run_id}
