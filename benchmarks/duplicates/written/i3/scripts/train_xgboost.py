"""Trains boosted trees."""

import argparse

import mlflow
import mlflow.xgboost
import xgboost as xgb
from sklearn.model_selection import train_test_split

from churncast import tracking
from churncast.features import load
from churncast.settings import target_named


def fit(x, y, params, rounds):
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=3)
    history = {}
    booster = xgb.train(
        params,
        xgb.DMatrix(x_train, y_train),
        num_boost_round=rounds,
        evals=[(xgb.DMatrix(x_val, y_val), "val")],
        early_stopping_rounds=25,
        evals_result=history,
        verbose_eval=False,
    )
    return booster, history["val"]["rmse"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("day")
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--eta", type=float, default=0.05)
    args = parser.parse_args()
    target = target_named(args.target)
    x, y = load(target, args.day)
    params = {"eta": args.eta, "max_depth": 6, "objective": "reg:squarederror"}
    tags = tracking.training_tags(target, "manual", len(x))
    with mlflow.start_run(experiment_id=tracking.experiment_for(target), run_name=f"xgb-{args.day}", tags=tags):
        tracking.remember_features(list(x.columns))
        mlflow.log_params(params)
        booster, rmse = fit(x, y, params, args.rounds)
        for step, value in enumerate(rmse):
            mlflow.log_metric("curve_rmse", value, step=step)
        mlflow.log_metric("val_rmse", min(rmse))
        mlflow.xgboost.log_model(booster, "model")


if __name__ == "__main__":
    main()
