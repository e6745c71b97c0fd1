"""LambdaMART ranker."""
from __future__ import annotations

import logging
from typing import Any

import lightgbm as lgb
import mlflow
import pandas as pd

from recsys import tracking
from recsys.features import FeatureSet
from recsys.registry import register

logger = logging.getLogger(__name__)

DEFAULTS: dict[str, Any] = {
    "objective": "lambdarank",
    "metric": "ndcg",
    "ndcg_eval_at": [10],
    "learning_rate": 0.07,
    "num_leaves": 127,
}


def _group_sizes(df: pd.DataFrame) -> list[int]:
    return df.groupby("session_id", sort=False).size().tolist()


def _split(df: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    cut = df["ts"].quantile(0.9)
    return df[df["ts"] <= cut], df[df["ts"] > cut]


def candidate_run_for(feature_set: FeatureSet, market: str) -> str | None:
    run = tracking.run_by_feature_hash(tracking.CANDIDATE_EXPERIMENT, feature_set.digest(), market)
    return run.info.run_id if run else None


def last_ranker_params(market: str) -> dict[str, Any]:
    """Warm start of the hyper-parameters: those of the newest ranker of the market, any features."""
    frame = mlflow.search_runs(
        experiment_names=[tracking.RANKER_EXPERIMENT],
        filter_string=f"tags.market = '{market}' and attributes.status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    if frame.empty:
        return {}
    row = frame.iloc[0]
    return {c.removeprefix("params."): row[c] for c in frame.columns if c.startswith("params.")}


def train(df: pd.DataFrame, feature_set: FeatureSet, market: str, promote: bool = False) -> str:
    tracking.use_experiment(tracking.RANKER_EXPERIMENT)
    params = {**DEFAULTS}
    if lr := last_ranker_params(market).get("learning_rate"):
        params["learning_rate"] = float(lr)
    tr, va = _split(df)
    cols = [c.name for c in feature_set.columns]
    tags = {
        "model_kind": "ranker",
        "market": market,
        "feature_hash": feature_set.digest(),
        "feature_set": feature_set.name,
        "feature_count": str(len(feature_set.columns)),
        "feature_schema": str(feature_set.schema_version),
    }
    if up := candidate_run_for(feature_set, market):
        tags["candidate_run"] = up
    with mlflow.start_run(run_name=f"rank-{market}", tags=tags) as run:
        mlflow.log_params(params)
        dtr = lgb.Dataset(tr[cols], tr["label"], group=_group_sizes(tr))
        dva = lgb.Dataset(va[cols], va["label"], group=_group_sizes(va), reference=dtr)
        booster = lgb.train(params, dtr, 800, valid_sets=[dva], callbacks=[lgb.early_stopping(30)])
        mlflow.log_metric("ndcg_10", booster.best_score["valid_0"]["ndcg@10"])
        mlflow.lightgbm.log_model(booster, "model")
    version = register(run.info.run_id, f"ranker_{market}")
    logger.info("ranker %s v%s", market, version)
    return run.info.run_id
