"""LambdaMART on click logs."""

from __future__ import annotations

import mlflow
import numpy as np
import pandas as pd
import xgboost as xgb

from mlutils import RunLookup, child_run, component_run
from mlutils.evaluate import bootstrap, ndcg
from mlutils.tags import digest_of

FEATURES = ["bm25_title", "bm25_brand", "price_rank", "clicks_30d", "stock", "margin"]


def matrix(frame: pd.DataFrame) -> xgb.DMatrix:
    frame = frame.sort_values("query_id")
    out = xgb.DMatrix(frame[FEATURES], label=frame["grade"])
    out.set_group(frame.groupby("query_id").size().to_numpy())
    return out


def per_query(frame: pd.DataFrame, scores: np.ndarray) -> np.ndarray:
    frame = frame.sort_values("query_id").assign(score=scores)
    return np.array(
        [ndcg(g.sort_values("score", ascending=False)["grade"].to_numpy()) for _, g in frame.groupby("query_id")]
    )


def train(train_frame: pd.DataFrame, test_frame: pd.DataFrame, etas: list[float]) -> float:
    index_run = RunLookup("indexer").find()
    best = 0.0
    with component_run("ranker", "lambdamart", index_digest=digest_of(index_run) or ""):
        for eta in etas:
            with child_run(f"eta-{eta}"):
                booster = xgb.train({"objective": "rank:ndcg", "eta": eta}, matrix(train_frame), 300)
                values = per_query(test_frame, booster.predict(matrix(test_frame)))
                low, high = bootstrap(values)
                mlflow.log_metrics({"ndcg_at_10": values.mean(), "ndcg_low": low, "ndcg_high": high})
                mlflow.xgboost.log_model(booster, name="ranker")
                best = max(best, float(values.mean()))
        mlflow.log_metric("ndcg_at_10", best)
    return best
