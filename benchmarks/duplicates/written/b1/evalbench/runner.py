from __future__ import annotations

import asyncio
import statistics
from contextlib import asynccontextmanager

import mlflow

from evalbench.judges import judge
from evalbench.providers import ChatClient
from evalbench.store import RunStore
from evalbench.types import Job, Sample, Verdict


@asynccontextmanager
async def chat(job: Job):
    client = ChatClient(job)
    try:
        yield client
    finally:
        await client.aclose()


def chunks(items: list, size: int):
    for start in range(0, len(items), size):
        yield items[start : start + size]


async def one(client: ChatClient, sample: Sample) -> Verdict:
    answer = await client.answer(sample)
    return await judge(client, sample, answer)


async def run_job(job: Job, samples: list[Sample], experiment: str) -> float:
    store = RunStore(experiment)
    scores: list[float] = []
    with mlflow.start_run(
        experiment_id=store.experiment_id,
        run_name=f"{job.suite}-{job.model}",
        tags=store.tags(job),
    ) as run:
        mlflow.log_params({"model": job.model, "batch": job.batch})
        async with chat(job) as client:
            for index, batch in enumerate(chunks(samples, job.batch)):
                child_id = store.open_batch(run, index)
                verdicts = await asyncio.gather(*(one(client, sample) for sample in batch))
                mean = statistics.fmean(v.score for v in verdicts)
                store.client.log_metric(child_id, "mean_score", mean)
                store.client.set_terminated(child_id)
                scores.extend(v.score for v in verdicts)
        mlflow.log_metric("mean_score", statistics.fmean(scores))
    return statistics.fmean(scores)


def log_cost(dollars: float, tokens: int) -> None:
    with mlflow.start_run(run_name="cost", nested=True):
        mlflow.log_metrics({"dollars": dollars, "tokens": tokens})
