"""Reads from and writes to the tracking server."""

from __future__ import annotations

import json
from typing import Any

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from ftune.recipes import OWNER, Keys


def project_experiment(project: str) -> str:
    client = MlflowClient()
    name = f"llm/{project}"
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        return client.create_experiment(name, tags={"owner": OWNER})
    return experiment.experiment_id


def latest_finetune(project: str, base_model: str, dataset_rev: str) -> Run | None:
    where = (
        f"tags.{Keys.BASE} = '{base_model}' and tags.{Keys.DATA} = '{dataset_rev}' "
        "and attributes.status = 'FINISHED'"
    )
    runs = MlflowClient().search_runs(
        [project_experiment(project)], where, max_results=1, order_by=["attributes.start_time DESC"]
    )
    return next(iter(runs), None)


def lowest_loss(project: str) -> Run | None:
    runs = MlflowClient().search_runs(
        [project_experiment(project)],
        "metrics.eval_loss > 0",
        order_by=["metrics.eval_loss ASC"],
        max_results=1,
    )
    return runs[0] if runs else None


def adapter_of(run: Run) -> dict[str, Any]:
    text = run.data.tags.get(Keys.ADAPTER)
    return json.loads(text) if text else {}


def bench_run(parent: Run, benchmark: str):
    """Context manager: the run of one benchmark below ``parent``."""
    return mlflow.start_run(
        experiment_id=parent.info.experiment_id,
        run_name=f"bench-{benchmark}",
        parent_run_id=parent.info.run_id,
        nested=True,
        tags={Keys.BENCH: benchmark, Keys.BASE: parent.data.tags[Keys.BASE]},
    )


def bench_scores(parent: Run) -> dict[str, float]:
    runs = MlflowClient().search_runs(
        [parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'"
    )
    return {r.data.tags.get(Keys.BENCH, "?"): r.data.metrics.get("score", 0.0) for r in runs}


def log_samples(run_id: str, rows: list[dict[str, str]], chunk: int = 200) -> None:
    client = MlflowClient()
    for i in range(0, len(rows), chunk):
        client.log_dict(run_id, {"rows": rows[i : i + chunk]}, f"samples/{i // chunk:04d}.json")
