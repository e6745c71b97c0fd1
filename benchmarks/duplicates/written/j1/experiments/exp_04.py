"""Experiment 4: gbm with the lags of the last random forest."""
import mlflow

from data import load_site, make_xy, split
from helpers import get_exp, mae, rmse, run_tags
from models import build

SITE = "south"

df_runs = mlflow.search_runs(
    experiment_names=["pv-thesis"],
    filter_string="tags.model = 'rf' AND status = 'FINISHED'",
    order_by=["start_time DESC"],
)
if len(df_runs) == 0:
    raise SystemExit("run exp_03 first")
rf_run = df_runs.iloc[0]
LAGS = [int(v) for v in rf_run["tags.lags"].split(",")]
print("lags of", rf_run.run_id, LAGS)

tr, va, te = split(*make_xy(load_site(SITE), LAGS))
for lr in (0.03, 0.1):
    m = build("gbm", lr=lr).fit(*tr)
    with mlflow.start_run(experiment_id=get_exp(), run_name=f"exp04-gbm-{lr}"):
        mlflow.set_tags(run_tags("gbm", SITE, LAGS))
        mlflow.log_param("lr", lr)
        mlflow.log_metric("val_rmse", rmse(va[1], m.predict(va[0])))
        mlflow.log_metric("val_mae", mae(va[1], m.predict(va[0])))
        mlflow.log_metric("test_rmse", rmse(te[1], m.predict(te[0])))
