import datetime as dt
import logging

import mlflow
import numpy as np

from src.config import EXPERIMENT, OUT
from src.data import load_test

log = logging.getLogger(__name__)


def newest_model_uri(kind):
    df = mlflow.search_runs(
        experiment_names=[EXPERIMENT],
        filter_string="tags.family='" + kind + "'",
        order_by=["start_time desc"],
    )
    df = df[df["status"] == "FINISHED"] if len(df) else df
    if len(df) == 0:
        raise SystemExit(f"no {kind} model, train one first")
    run_id = df.loc[df.index[0], "run_id"]
    log.info("using run %s", run_id)
    return f"runs:/{run_id}/model"


def predict(kind, feats):
    model = mlflow.pyfunc.load_model(newest_model_uri(kind))
    test = load_test()
    test["sales"] = np.expm1(model.predict(test[feats])).clip(0)
    return test[["id", "sales"]]


def write(sub, name):
    OUT.mkdir(exist_ok=True)
    p = OUT / f"sub_{name}_{dt.date.today():%m%d}.csv"
    sub.to_csv(p, index=False)
    return p


def log_submission(path, public_score, run_id):
    with mlflow.start_run(run_id=run_id):
        mlflow.log_artifact(str(path))
        mlflow.log_metric("lb_public", public_score)
