"""Internal HTTP API for the sales dashboards."""
from __future__ import annotations

import asyncio

import mlflow
from fastapi import FastAPI, HTTPException
from mlflow import MlflowClient

from tuneshop.config import get_settings
from tuneshop.promotion import Promoter
from tuneshop.schemas import Suite

app = FastAPI(title="tuneshop")


@app.on_event("startup")
async def connect() -> None:
    mlflow.set_tracking_uri(get_settings().tracking_uri)


@app.get("/customers/{customer}/leader")
async def leader(customer: str) -> dict:
    name = get_settings().experiment_for(customer, "eval")
    runs = await asyncio.to_thread(
        mlflow.search_runs,
        experiment_names=[name],
        filter_string="tags.`tuneshop.suite` = 'helpfulness' and status = 'FINISHED'",
        output_format="list",
    )
    scored = [r for r in runs if "helpfulness/mean" in r.data.metrics]
    if not scored:
        raise HTTPException(404, "nothing evaluated yet")
    top = sorted(scored, key=lambda r: r.data.metrics["helpfulness/mean"])[-1]
    return {"run_id": top.info.run_id, "helpfulness": top.data.metrics["helpfulness/mean"]}


@app.get("/customers/{customer}/evals")
async def evals(customer: str, page: str | None = None, size: int = 25) -> dict:
    client = MlflowClient()
    experiment = client.get_experiment_by_name(get_settings().experiment_for(customer, "eval"))
    if experiment is None:
        raise HTTPException(404, customer)
    found = client.search_runs([experiment.experiment_id], max_results=size, page_token=page)
    return {
        "items": [{"id": r.info.run_id, "name": r.info.run_name, "metrics": r.data.metrics} for r in found],
        "next": found.token,
    }


@app.get("/customers/{customer}/ready/{digest}")
async def ready(customer: str, digest: str) -> dict:
    promoter = Promoter(customer)
    decision = await asyncio.to_thread(promoter.decide, digest)
    return {"ready": decision.promote, "reason": decision.reason, "suites": [s.value for s in Suite]}


@app.delete("/customers/{customer}/drafts")
async def drop_drafts(customer: str) -> dict:
    client = MlflowClient()
    experiment = client.get_experiment_by_name(get_settings().experiment_for(customer, "eval"))
    if experiment is None:
        return {"deleted": 0}
    drafts = client.search_runs([experiment.experiment_id], "tags.draft = 'yes'")
    await asyncio.gather(*(asyncio.to_thread(client.delete_run, d.info.run_id) for d in drafts))
    return {"deleted": len(drafts)}
