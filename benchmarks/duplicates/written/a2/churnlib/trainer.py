import logging

import lightgbm as lgb
import mlflow
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score
from sklearn.model_selection import train_test_split

from churnlib import consts, lookups
from churnlib.features import build_matrix

logger = logging.getLogger("churn.trainer")

PARAMS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 63,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.8,
    "verbosity": -1,
}


def evaluate(y, p):
    return {
        "val_auc": roc_auc_score(y, p),
        "val_ap": average_precision_score(y, p),
        "val_logloss": log_loss(y, p),
    }


def fit_booster(X, y, rounds=800):
    X_tr, X_va, y_tr, y_va = train_test_split(X, y, test_size=0.2, stratify=y, random_state=1)
    booster = lgb.train(
        PARAMS,
        lgb.Dataset(X_tr, y_tr),
        num_boost_round=rounds,
        valid_sets=[lgb.Dataset(X_va, y_va)],
        callbacks=[lgb.early_stopping(40, verbose=False)],
    )
    return booster, evaluate(y_va, booster.predict(X_va))


def open_segment_run(parent_id, name, ds):
    return mlflow.start_run(
        experiment_id=lookups.experiment_id_for(),
        run_name=f"{ds}/{name}",
        nested=True,
        tags={"mlflow.parentRunId": parent_id, consts.SEGMENT_TAG: name},
    )


def train_weekly(raw, ds, tags):
    X, y = build_matrix(raw)
    experiment_id = lookups.experiment_id_for()
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"weekly-{ds}", tags=tags) as parent:
        mlflow.set_tag(consts.SNAPSHOT_TAG, ds)
        mlflow.log_params(PARAMS)
        booster, scores = fit_booster(X.drop(columns=["segment"]), y)
        mlflow.log_metrics(scores)
        mlflow.lightgbm.log_model(booster, "model")
        for name in consts.SEGMENTS:
            mask = (X["segment"] == name).to_numpy()
            if mask.sum() < 1000:
                logger.warning("segment %s too small", name)
                continue
            with open_segment_run(parent.info.run_id, name, ds):
                _, seg = fit_booster(X[mask].drop(columns=["segment"]), y[mask], 300)
                mlflow.log_metrics(seg)
    return parent.info.run_id


def baseline(X, y):
    mlflow.lightgbm.autolog()
    with mlflow.start_run(run_name="baseline"):
        model = lgb.LGBMClassifier(n_estimators=100)
        model.fit(X, y)
    return model
