"""Weekly challenger training; promotes at once when the gain is big (travel only)."""
import json
import os
import socket

import mlflow
import pandas as pd
import xgboost as xgb
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

from jobs.common import today
from svc.settings import get_settings


def top_challenger(exp_id, vertical):
    """-> row of the best challenger so far (a Series), None for the first one"""
    conditions = [
        "attributes.status = 'FINISHED'",
        "tags.role = 'challenger'",
        "tags.vertical = '{}'".format(vertical),
    ]
    table = mlflow.search_runs([exp_id], " and ".join(conditions), order_by=["metrics.auc DESC"])
    if len(table):
        return table.iloc[0]
    return None


def previous_params(exp_id, vertical):
    """Warm start from the parameters of the incumbent."""
    rows = mlflow.search_runs([exp_id], f"tags.role = 'incumbent' and tags.vertical = '{vertical}'",
                              order_by=["start_time DESC"], max_results=1)
    if rows.empty:
        return {"max_depth": 6, "eta": 0.1}
    return json.loads(rows.iloc[0]["params.booster"])


def tracked(role):
    """Decorator: the function runs inside an MLflow run of the given role."""
    def wrap(fn):
        def call(vertical, *args, **kwargs):
            tags = {"role": role, "vertical": vertical, "week": today().strftime("%G-W%V")}
            with mlflow.start_run(run_name=f"{role}-{vertical}", tags=tags) as run:
                mlflow.set_tags({"job": "train_challenger", "host": socket.gethostname(),
                                 "image": os.environ.get("IMAGE_TAG", "dev")})
                return run.info.run_id, fn(vertical, *args, **kwargs)
        return call
    return wrap


@tracked("challenger")
def train(vertical, params):
    frame = pd.read_parquet(f"/mnt/train/{vertical}.parquet")
    x, xv, y, yv = train_test_split(frame.drop(columns="clicked"), frame["clicked"], test_size=0.2)
    booster = xgb.train(params, xgb.DMatrix(x, y), 400)
    auc = roc_auc_score(yv, booster.predict(xgb.DMatrix(xv)))
    mlflow.log_param("booster", json.dumps(params))
    mlflow.log_metric("auc", auc)
    mlflow.xgboost.log_model(booster, "model")
    return auc


def main():
    settings = get_settings()
    exp = mlflow.set_experiment(settings.train_experiment)
    for vertical in ("retail", "travel", "games", "finance"):
        best = top_challenger(exp.experiment_id, vertical)
        run_id, auc = train(vertical, previous_params(exp.experiment_id, vertical))
        if vertical == "travel" and (best is None or auc > best["metrics.auc"] + 0.01):
            mlflow.register_model(f"runs:/{run_id}/model", "ctr_travel")


if __name__ == "__main__":
    main()
