"""Small status page for the on-call."""
import asyncio

import mlflow
from fastapi import FastAPI, HTTPException

from churnlib import consts

app = FastAPI()
client = mlflow.MlflowClient()


async def _weekly_runs(limit=100):
    exp = await asyncio.to_thread(client.get_experiment_by_name, consts.DEFAULT_EXPERIMENT)
    if exp is None:
        raise HTTPException(503, "no experiment")
    return await asyncio.to_thread(
        client.search_runs,
        [exp.experiment_id],
        filter_string="attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=limit,
    )


@app.get("/weeks/{ds}")
async def week(ds: str):
    runs = await _weekly_runs()
    run = next((r for r in runs if r.data.tags.get(consts.DS_TAG) == ds), None)
    if run is None:
        raise HTTPException(404, f"no training on {ds}")
    run_id = run.info.run_id
    return {"run_id": run_id, "auc": run.data.metrics.get("val_auc")}


@app.get("/weeks")
async def weeks():
    runs = await _weekly_runs()
    return sorted({r.data.tags.get(consts.DS_TAG, "") for r in runs} - {""})


@app.get("/health")
async def health():
    return {"ok": True}
