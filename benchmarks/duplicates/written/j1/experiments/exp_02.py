"""Experiment 2: ridge with lags."""
import mlflow
from mlflow.tracking import MlflowClient

from data import load_site, make_xy, split
from helpers import git_commit, mae, rmse
from models import build

SITE = "north"
LAGS = [1, 2, 24]
ALPHAS = [0.1, 1.0, 10.0]

client = MlflowClient()
try:
    exp_id = client.get_experiment_by_name("pv-thesis").experiment_id
except AttributeError:
    print("new experiment")
    exp_id = client.create_experiment("pv-thesis")

df = load_site(SITE)
X, y = make_xy(df, LAGS)
tr, va, te = split(X, y)

for a in ALPHAS:
    m = build("ridge", alpha=a).fit(*tr)
    tags = {"model": "ridge", "site": SITE}
    tags["lags"] = ",".join(map(str, LAGS))
    tags["student"] = "m.okafor"
    tags["git"] = git_commit()
    with mlflow.start_run(experiment_id=exp_id, run_name=f"exp02-ridge-{a}", tags=tags):
        mlflow.log_param("alpha", a)
        mlflow.log_metric("val_rmse", rmse(va[1], m.predict(va[0])))
        mlflow.log_metric("val_mae", mae(va[1], m.predict(va[0])))
        mlflow.log_metric("test_rmse", rmse(te[1], m.predict(te[0])))
