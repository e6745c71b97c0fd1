"""Severity model with LightGBM."""
from typing import List, Optional

import lightgbm as lgb
import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from pricing.data_prep import modelling_frame, split_by_year
from shared import mlf
from shared.metrics import gamma_deviance, gini

EXPERIMENT_NAME = "pricing-severity-gbm"
DEFAULTS = dict(objective="gamma", num_leaves=15, learning_rate=0.03, min_child_samples=200, verbosity=-1)


def train_severity(lob: str, data_version: str, features: List[str], valid_year: int = 2023, rounds: int = 2000,
                   early_stopping: int = 50, params: Optional[dict] = None, monotone: Optional[dict] = None) -> str:
    frame = modelling_frame(data_version, lob)
    frame = frame[frame["n_claims"] > 0].assign(severity=lambda d: d["loss"] / d["n_claims"])
    train, valid = split_by_year(frame, valid_year)
    p = {**DEFAULTS, **(params or {})}
    if monotone:
        p["monotone_constraints"] = [monotone.get(f, 0) for f in features]

    exp_id = mlf.ensure_experiment(EXPERIMENT_NAME)
    tags = mlf.standard_tags(lob, data_version)
    with mlflow.start_run(experiment_id=exp_id, tags=tags) as run:
        mlflow.log_params(p)
        booster = lgb.train(
            p,
            lgb.Dataset(train[features], train["severity"], weight=train["n_claims"]),
            num_boost_round=rounds,
            valid_sets=[lgb.Dataset(valid[features], valid["severity"], weight=valid["n_claims"])],
            callbacks=[lgb.early_stopping(early_stopping), lgb.log_evaluation(100)],
        )
        pred = booster.predict(valid[features])
        mlflow.log_metrics({
            "gini_valid": gini(valid["severity"], pred, valid["n_claims"]),
            "deviance_valid": gamma_deviance(valid["severity"], pred),
            "best_iteration": booster.best_iteration,
        })
        mlflow.lightgbm.log_model(booster, "model")
        return run.info.run_id


def pick_best(lob: str) -> Optional[Run]:
    client = MlflowClient()
    exp = client.get_experiment_by_name(EXPERIMENT_NAME)
    if not exp:
        return None
    candidates = client.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string=" and ".join([
            f"tags.`line_of_business` = '{lob}'",
            "attributes.status = 'FINISHED'",
        ]),
        order_by=["metrics.gini_valid DESC"],
        max_results=1,
    )
    for candidate in candidates:
        return candidate
    return None


def feature_importance(run: Run, top: int = 20):
    booster = mlflow.lightgbm.load_model(f"runs:/{run.info.run_id}/model")
    pairs = zip(booster.feature_name(), booster.feature_importance("gain"))
    return sorted(pairs, key=lambda kv: -kv[1])[:top]


def newest_severity_run(lob: str) -> Optional[Run]:
    """Newest, approved or not; used to continue an experiment on Monday morning."""
    exp_id = mlf.ensure_experiment(EXPERIMENT_NAME)
    found = MlflowClient().search_runs(
        [exp_id], f"tags.line_of_business = '{lob}'", order_by=["start_time DESC"], max_results=1
    )
    return found[0] if found else None
