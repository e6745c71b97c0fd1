"""Eval harness: tasks over an adapter, one eval run per (adapter, suite)."""
from __future__ import annotations

import asyncio
import json
import logging
import re
from collections import defaultdict
from pathlib import Path
from typing import Awaitable, Callable

import mlflow
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)

Generate = Callable[[str], Awaitable[str]]


def load_tasks(root: Path, suite: str) -> dict[str, list[dict]]:
    tasks = defaultdict(list)
    for file in sorted((root / suite).glob("*.jsonl")):
        with file.open() as fh:
            for line in fh:
                tasks[file.stem].append(json.loads(line))
    return dict(tasks)


def exact_match(pred: str, gold: str) -> float:
    norm = lambda s: re.sub(r"\W+", " ", s.lower()).strip()
    return float(norm(pred) == norm(gold))


async def run_task(generate: Generate, items: list[dict], width: int = 16) -> float:
    gate = asyncio.Semaphore(width)

    async def one(item):
        async with gate:
            try:
                return exact_match(await generate(item["prompt"]), item["answer"])
            except asyncio.TimeoutError:
                logger.warning("timeout on %s", item.get("id"))
                return 0.0

    scores = await asyncio.gather(*(one(i) for i in items))
    return sum(scores) / max(len(scores), 1)


def _experiment(suite: str) -> str:
    name = "eval/" + suite
    found = mlflow.get_experiment_by_name(name)
    if found:
        return found.experiment_id
    return mlflow.create_experiment(name, tags={"team": "llm-ft"})


def previous_eval(train_run_id: str, suite: str):
    """Last finished eval of this adapter on this suite, else None."""
    runs = MlflowClient().search_runs(
        [_experiment(suite)],
        f"tags.`eval.train_run` = '{train_run_id}' and tags.`eval.suite` = '{suite}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if runs:
        return runs[0]
    return None


async def evaluate(train_run_id: str, suite: str, root: Path, generate: Generate) -> dict[str, float]:
    cached = previous_eval(train_run_id, suite)
    if cached is not None:
        return dict(cached.data.metrics)
    tasks = load_tasks(root, suite)
    results = {}
    with mlflow.start_run(
        experiment_id=_experiment(suite),
        run_name=f"{suite}:{train_run_id[:8]}",
        tags={"eval.train_run": train_run_id, "eval.suite": suite, "eval.kind": "harness"},
    ):
        for name, items in tasks.items():
            results[name] = await run_task(generate, items)
            mlflow.log_metric(name, results[name])
        results["mean"] = sum(results.values()) / max(len(results), 1)
        mlflow.log_metric("mean", results["mean"])
    return results


def leaderboard(suite: str, limit: int = 20) -> list[tuple[str, float]]:
    runs = MlflowClient().search_runs([_experiment(suite)], "tags.`eval.kind` = 'harness'",
                                      order_by=["metrics.mean DESC"], max_results=limit)
    return [(r.data.tags["eval.train_run"], r.data.metrics["mean"]) for r in runs]
