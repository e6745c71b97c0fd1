"""Scores tomorrow's auctions with the newest model of a bundle."""

from __future__ import annotations

import mlflow
import numpy as np
import pandas as pd
from prefect import flow, task

from adrank.features import FeatureSet, encode


@task
def pick_model(market: str, bundle: str) -> tuple[str, str]:
    table = mlflow.search_runs(experiment_names=[f"/adrank/{market}"])
    if table.empty or "tags.adrank.bundle" not in table.columns:
        raise RuntimeError(f"no model for {market}")
    mine = table[(table["tags.adrank.bundle"] == bundle) & (table["status"] == "FINISHED")]
    mine = mine.sort_values("start_time", ascending=False)
    if not len(mine):
        raise RuntimeError(f"bundle {bundle} was never trained for {market}")
    run_id = mine.iloc[0]["run_id"]
    run = mlflow.get_run(run_id)
    calibration = run.data.tags["adrank.calibration"] if "adrank.calibration" in run.data.tags else "platt-v1"
    return run_id, calibration


@task
def score(market: str, run_id: str, calibration: str) -> pd.DataFrame:
    model = mlflow.lightgbm.load_model(f"runs:/{run_id}/model")
    auctions = pd.read_parquet(f"s3://adrank-lake/auctions/market={market}/")
    raw = model.predict(encode(auctions, FeatureSet("2024w20")))
    if calibration.startswith("platt"):
        raw = np.clip(raw * 0.97, 0, 1)
    return auctions.assign(p_click=raw)[["auction_id", "ad_id", "p_click"]]


@flow(name="adrank-score")
def score_all(bundle: str, markets: list[str]) -> None:
    mlflow.set_experiment("/adrank/scoring")
    with mlflow.start_run(run_name=f"score-{bundle}"):
        for market in markets:
            run_id, calibration = pick_model(market, bundle)
            frame = score(market, run_id, calibration)
            frame.to_parquet(f"s3://adrank-lake/scores/market={market}/part.parquet")
            mlflow.log_metric(f"rows_{market}", len(frame))
