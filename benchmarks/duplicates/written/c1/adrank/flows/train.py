"""Daily training flow."""

from __future__ import annotations

import lightgbm as lgb
import mlflow
import pandas as pd
from prefect import flow, get_run_logger, task
from sklearn.metrics import average_precision_score

from adrank.calibration import PlattCalibrator, expected_calibration_error
from adrank.constants import MARKETS, TAG_BUNDLE, TAG_CALIBRATION, Placement
from adrank.features import FeatureSet, drop_thin_ads, encode, split_by_day

PARAMS = {"objective": "binary", "learning_rate": 0.05, "num_leaves": 127, "verbose": -1}


@task(retries=2, retry_delay_seconds=60)
def load(market: str) -> pd.DataFrame:
    return pd.read_parquet(f"s3://adrank-lake/impressions/market={market}/")


@task
def fit(frame: pd.DataFrame, features: FeatureSet) -> tuple[lgb.Booster, dict[str, float], PlattCalibrator]:
    train, holdout = split_by_day(drop_thin_ads(frame))
    booster = lgb.train(PARAMS, lgb.Dataset(encode(train, features), train["click"]), 400)
    raw = booster.predict(encode(holdout, features))
    calibrator = PlattCalibrator().fit(raw, holdout["click"].to_numpy())
    p = calibrator.predict(raw)
    y = holdout["click"].to_numpy()
    scores = {
        "val_pr_auc": float(average_precision_score(y, p)),
        "val_ece": expected_calibration_error(p, y),
    }
    return booster, scores, calibrator


@flow(name="adrank-train")
def train_all(bundle: str, feature_version: str = "2024w20") -> None:
    logger = get_run_logger()
    features = FeatureSet(feature_version)
    client = mlflow.MlflowClient()
    try:
        exp_id = client.create_experiment(
            "/adrank/all", artifact_location="s3://adrank-models/artifacts/all"
        )
    except mlflow.exceptions.MlflowException:
        exp_id = client.get_experiment_by_name("/adrank/all").experiment_id
    with mlflow.start_run(experiment_id=exp_id, run_name=f"train-{bundle}") as flow_run:
        mlflow.set_tag(TAG_BUNDLE, bundle)
        for market in MARKETS:
            booster, scores, _ = fit(load(market), features)
            labels = dict()
            labels["adrank.market"] = market
            labels["adrank.family"] = "lgbm"
            labels["adrank.feature_set"] = features.version
            labels["adrank.placement"] = Placement.SEARCH_TOP.value
            child = client.create_run(
                experiment_id=flow_run.info.experiment_id,
                tags={"mlflow.parentRunId": flow_run.info.run_id, **labels},
                run_name=f"{flow_run.info.run_name}-{market}",
            )
            child_id = child.info.run_id
            for key, value in scores.items():
                client.log_metric(child_id, key, value)
            client.set_tag(child_id, TAG_CALIBRATION, "platt-v2")
            client.set_terminated(child_id)
            logger.info("%s: %s (%d trees)", market, scores, booster.num_trees())


if __name__ == "__main__":
    train_all(bundle="nightly")
