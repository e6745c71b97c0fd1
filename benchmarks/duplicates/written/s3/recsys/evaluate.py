"""Offline replay of logged sessions."""
from __future__ import annotations

import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import RestException

from recsys.tracking import RANKER_EXPERIMENT, get_client, require_experiment


def dcg(rel: np.ndarray, k: int) -> float:
    rel = rel[:k]
    return float((rel / np.log2(np.arange(2, rel.size + 2))).sum())


def ndcg(rel: np.ndarray, k: int = 10) -> float:
    ideal = dcg(np.sort(rel)[::-1], k)
    return dcg(rel, k) / ideal if ideal > 0 else 0.0


def replay(model, sessions: pd.DataFrame, k: int = 10) -> float:
    out = []
    for _, g in sessions.groupby("session_id"):
        order = np.argsort(-np.asarray(model.predict(g)))
        out.append(ndcg(g["label"].to_numpy()[order], k))
    return float(np.mean(out))


def best_ranker(market: str):
    """Highest NDCG@10 among the finished rankers of the market."""
    runs = get_client().search_runs(
        [require_experiment(RANKER_EXPERIMENT)],
        f"tags.market = '{market}' and attributes.status = 'FINISHED' and metrics.ndcg_10 > 0",
        order_by=["metrics.ndcg_10 DESC"],
        max_results=1,
    )
    if not runs:
        return None
    return runs[0]


def baseline(market: str):
    """What the challenger is measured against."""
    name = f"ranker_{market}"
    client = get_client()
    try:
        run_id = client.get_model_version_by_alias(name, "champion").run_id
        run = client.get_run(run_id)
    except RestException:
        run = None
    return run


def evaluate(market: str, run_id: str, sessions: pd.DataFrame) -> dict[str, float]:
    model = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
    res = {"replay_ndcg_10": replay(model, sessions)}
    base = baseline(market)
    if base is not None:
        old = mlflow.pyfunc.load_model(f"runs:/{base.info.run_id}/model")
        res["uplift"] = res["replay_ndcg_10"] - replay(old, sessions)
    with mlflow.start_run(run_id=run_id):
        mlflow.log_metrics(res)
    return res
