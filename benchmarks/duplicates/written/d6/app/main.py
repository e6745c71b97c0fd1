from __future__ import annotations

import logging
from contextlib import asynccontextmanager

import mlflow
from fastapi import FastAPI

from app.config import config
from app.deps import holder
from app.routers import feedback, predict, runs


@asynccontextmanager
async def lifespan(_: FastAPI):
    logging.basicConfig(level=logging.INFO)
    mlflow.set_tracking_uri(config.mlflow_uri)
    holder().get()
    yield
    feedback.close()


app = FastAPI(title="doctriage", version=config.version, lifespan=lifespan)
for module in (predict, runs, feedback):
    app.include_router(module.router)


@app.get("/healthz")
def health() -> dict[str, str]:
    return {"status": "ok", "model_run": holder().get().spec.run_id}
