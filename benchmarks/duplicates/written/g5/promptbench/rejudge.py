"""Let a new judge look at the traces of an old evaluation."""

from __future__ import annotations

import asyncio
from typing import Any

import mlflow
import pandas as pd

from promptbench.judges import Judge


def _evaluation(experiment: str, prompt_digest: str, model: str, dataset: str) -> pd.Series:
    done = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="status = 'FINISHED'",
        order_by=["start_time DESC"],
    )
    done = done[
        (done["tags.eval.prompt_digest"] == prompt_digest)
        & (done["tags.eval.model"] == model)
        & (done["tags.eval.dataset"] == dataset)
    ]
    if done.empty:
        raise LookupError(f"{prompt_digest} was not evaluated with {model} on {dataset}")
    return done.iloc[0]


def _traces(run_id: str) -> list[tuple[str, str]]:
    frame = mlflow.search_traces(run_id=run_id)
    return list(zip(frame["request"].astype(str), frame["response"].astype(str)))


async def rejudge(
    judge: Judge, experiment: str, prompt_digest: str, model: str, dataset: str
) -> float:
    """Judge the traces again and give the mean score."""
    client: Any = mlflow.MlflowClient()
    row = _evaluation(experiment, prompt_digest, model, dataset)
    pairs = _traces(row["run_id"])
    scores = await asyncio.gather(*(judge.score(q, a, None) for q, a in pairs))
    tags = {"eval.judge": judge.name}
    tags["mlflow.runName"] = "judge-" + judge.name
    tags[mlflow.utils.mlflow_tags.MLFLOW_PARENT_RUN_ID] = row["run_id"]
    child = client.create_run(experiment_id=row["experiment_id"], tags=tags)
    mean = sum(scores) / max(len(scores), 1)
    client.log_metric(child.info.run_id, "score_mean", mean)
    client.set_terminated(child.info.run_id)
    return mean
