"""Experiment 1: persistence baseline."""
import subprocess

import mlflow

from data import load_site, make_xy, split
from helpers import mae, rmse
from models import build

SITE = "north"
LAGS = [1]

exp = mlflow.get_experiment_by_name("pv-thesis")
if exp is not None:
    exp_id = exp.experiment_id
else:
    exp_id = mlflow.create_experiment("pv-thesis")

df = load_site(SITE)
X, y = make_xy(df, LAGS)
tr, va, te = split(X, y)
m = build("persistence").fit(*tr)

with mlflow.start_run(experiment_id=exp_id, run_name="exp01-persistence"):
    mlflow.set_tag("model", "persistence")
    mlflow.set_tag("site", SITE)
    mlflow.set_tag("lags", "1")
    mlflow.set_tag("student", "m.okafor")
    mlflow.set_tag("git", subprocess.getoutput("git rev-parse --short HEAD"))
    mlflow.log_metric("val_rmse", rmse(va[1], m.predict(va[0])))
    mlflow.log_metric("val_mae", mae(va[1], m.predict(va[0])))
    mlflow.log_metric("test_rmse", rmse(te[1], m.predict(te[0])))
