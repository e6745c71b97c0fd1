"""Single payments."""
from __future__ import annotations

import os
from contextlib import asynccontextmanager

import mlflow.sklearn
import pandas as pd
from fastapi import FastAPI, HTTPException
from mlflow import MlflowClient
from pydantic import BaseModel

from fraudscore import features

MODEL_NAME = os.environ.get("FS_MODEL", "fraudscore")
state: dict = {}


class Payment(BaseModel):
    amount: float
    country: str = "NL"
    hour: int = 12
    new_device: bool = False
    tries_1h: int = 0
    merchant_risk: float = 0.1


def load_state() -> None:
    tracking = MlflowClient()
    found = tracking.get_registered_model(MODEL_NAME)
    version = (found.aliases or {}).get("champion")
    if version is None:
        raise RuntimeError(f"no champion of {MODEL_NAME}")
    run = tracking.get_run(tracking.get_model_version(MODEL_NAME, version).run_id)
    try:
        limit = float(run.data.tags["fs.threshold"])
    except KeyError:
        limit = 0.5
    raw = run.data.tags.get("fs.features") or ""
    names = []
    for part in raw.split(","):
        if part.strip():
            names.append(part.strip())
    state.update(
        model=mlflow.sklearn.load_model(f"models:/{MODEL_NAME}/{version}"),
        threshold=limit,
        features=names or features.ALL,
        run_id=run.info.run_id,
        started=run.info.start_time,
    )


@asynccontextmanager
async def lifespan(app: FastAPI):
    load_state()
    yield
    state.clear()


app = FastAPI(title="fraudscore", lifespan=lifespan)


@app.get("/health")
def health() -> dict:
    return {"ready": bool(state), "run": state.get("run_id")}


@app.get("/model")
def model_info() -> dict:
    if not state:
        raise HTTPException(503)
    tags = MlflowClient().get_run(state["run_id"]).data.tags
    return {key: value for key, value in tags.items() if key.startswith("fs.")}


@app.post("/score")
def score(payment: Payment) -> dict:
    if not state:
        raise HTTPException(503, "no model")
    row = pd.DataFrame([features.from_payment(payment.model_dump())])[state["features"]]
    value = float(state["model"].predict_proba(row)[0, 1])
    return {"score": value, "block": value >= state["threshold"]}


@app.post("/reload")
def reload() -> dict:
    load_state()
    return {"run": state["run_id"]}
