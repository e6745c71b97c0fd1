from __future__ import annotations

import asyncio

import mlflow
from fastapi import FastAPI, HTTPException
from mlflow.tracking import MlflowClient
from pydantic import BaseModel

app = FastAPI(title="evalbench")
client = MlflowClient()


class Result(BaseModel):
    run_id: str
    judge: str
    metrics: dict[str, float]


async def all_runs(experiment_id: str):
    token = None
    while True:
        page = await asyncio.to_thread(
            client.search_runs, [experiment_id], max_results=100, page_token=token
        )
        for run in page:
            yield run
        token = page.token
        if not token:
            return


@app.get("/prompts/{sha}", response_model=Result)
async def prompt(sha: str, experiment: str = "evalbench") -> Result:
    exp = await asyncio.to_thread(client.get_experiment_by_name, experiment)
    if exp is None:
        raise HTTPException(404, "unknown experiment")
    runs = await asyncio.to_thread(
        client.search_runs,
        [exp.experiment_id],
        filter_string=f"tags.`eval.prompt_sha` = '{sha}'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise HTTPException(404, "no run of this prompt")
    run = runs[0]
    return Result(
        run_id=run.info.run_id,
        judge=run.data.tags.get("eval.judge") or "gpt-4",
        metrics=run.data.metrics,
    )


@app.get("/runs/count")
async def count(experiment_id: str) -> int:
    total = 0
    async for _ in all_runs(experiment_id):
        total += 1
    return total


@app.get("/suites/{suite}/latest")
def latest(suite: str):
    exp = mlflow.get_experiment_by_name("evalbench")
    if exp is None:
        raise HTTPException(404)
    hits = mlflow.search_runs(
        [exp.experiment_id],
        filter_string=f"tags.eval.suite = '{suite}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
        output_format="list",
    )
    if not hits:
        raise HTTPException(404)
    return {"run_id": hits[0].info.run_id}
