"""Trains a forest. The oldest script, still used for the baseline."""

import argparse
import json

import mlflow
import mlflow.sklearn
import numpy as np
from mlflow.tracking import MlflowClient
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

from churncast.features import load
from churncast.settings import target_named


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    parser.add_argument("day")
    parser.add_argument("--trees", type=int, default=300)
    args = parser.parse_args()
    target = target_named(args.target)
    x, y = load(target, args.day)
    x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, random_state=3)

    name = "churncast/" + args.target
    client = MlflowClient()
    experiment = client.get_experiment_by_name(name)
    if experiment is not None and experiment.lifecycle_stage != "active":
        client.restore_experiment(experiment.experiment_id)
    if experiment is None:
        client.create_experiment(name, tags={"owner": "growth-ds"})
    mlflow.set_experiment(name)
    with mlflow.start_run(run_name=f"forest-{args.day}"):
        mlflow.set_tag("target", args.target)
        mlflow.set_tag("job", "manual")
        mlflow.set_tag("owner", "growth-ds")
        mlflow.set_tag("feature_set", target.feature_set)
        mlflow.set_tag("rows", len(x))
        mlflow.set_tag("features", json.dumps(list(x.columns)))
        model = RandomForestRegressor(n_estimators=args.trees, n_jobs=-1).fit(x_train, y_train)
        rmse = float(np.sqrt(mean_squared_error(y_val, model.predict(x_val))))
        mlflow.log_param("trees", args.trees)
        mlflow.log_metric("val_rmse", rmse)
        mlflow.sklearn.log_model(model, "model")
        print("rmse", rmse)


if __name__ == "__main__":
    main()
