"""Backtests on many processes; every process writes with the client, not with the active run."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from typing import Any, Dict, Optional

import pandas as pd
from mlflow.entities import RunStatus
from mlflow.tracking.client import MlflowClient

from seasonly.metrics import evaluate


def _ensure_experiment(client: MlflowClient, name: str) -> str:
    try:
        return client.get_experiment_by_name(name).experiment_id
    except AttributeError:
        return client.create_experiment(name)


def _work(job: Dict[str, Any]) -> str:
    client = MlflowClient(tracking_uri=job["tracking_uri"])
    model = job["model"].fit(job["past"])
    metrics = evaluate(job["future"], model.predict(len(job["future"])), job["past"])
    fold_tags = {"mlflow.parentRunId": job["parent"]}
    fold_tags["mlflow.runName"] = "fold-%d" % job["fold"]
    fold_tags["seasonly.fold"] = "%d" % job["fold"]
    fold_tags["seasonly.cutoff"] = job["past"].index[-1].isoformat()
    fold_tags["seasonly.horizon"] = "%d" % len(job["future"])
    run = client.create_run(job["experiment_id"], tags=fold_tags)
    run_id = run.info.run_id
    now = int(time.time() * 1000)
    for key, value in metrics.items():
        client.log_metric(run_id, key, value, timestamp=now)
    client.set_terminated(run_id, RunStatus.to_string(RunStatus.FINISHED))
    return run_id


def backtest_parallel(model, y: pd.Series, name: str, horizon: int, folds: int, uri: Optional[str] = None) -> list:
    client = MlflowClient(tracking_uri=uri)
    exp_id = _ensure_experiment(client, name)
    parent = client.create_run(exp_id, run_name=f"parallel {name}")
    jobs = []
    for k in range(folds, 0, -1):
        stop = len(y) - horizon * k
        jobs.append(
            {
                "model": model,
                "past": y.iloc[:stop],
                "future": y.iloc[stop : stop + horizon],
                "fold": folds - k,
                "parent": parent.info.run_id,
                "experiment_id": exp_id,
                "tracking_uri": uri,
            }
        )
    with ProcessPoolExecutor() as pool:
        ids = list(pool.map(_work, jobs))
    client.set_terminated(parent.info.run_id)
    return ids


def close_orphans(client: MlflowClient, experiment_id: str, older_than_h: float = 12) -> int:
    """End folds whose process died."""
    limit = int((time.time() - older_than_h * 3600) * 1000)
    stale = client.search_runs(
        [experiment_id], f"attributes.status = 'RUNNING' and attributes.start_time < {limit}"
    )
    for run in stale:
        client.set_terminated(run.info.run_id, status="KILLED")
    return len(stale)
