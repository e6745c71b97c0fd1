"""Experiment 3: random forest, this one uses the helpers."""
import mlflow

from data import load_site, make_xy, split
from helpers import get_exp, last_run, mae, rmse, run_tags
from models import build

SITE = "north"
LAGS = [1, 2, 24]


def main():
    df = load_site(SITE)
    tr, va, te = split(*make_xy(df, LAGS))
    base = last_run("ridge")
    for n in (50, 100, 200):
        m = build("rf", n=n).fit(*tr)
        with mlflow.start_run(experiment_id=get_exp(), run_name=f"exp03-rf-{n}", tags=run_tags("rf", SITE, LAGS)):
            mlflow.log_param("n_estimators", n)
            v = rmse(va[1], m.predict(va[0]))
            mlflow.log_metric("val_rmse", v)
            mlflow.log_metric("val_mae", mae(va[1], m.predict(va[0])))
            mlflow.log_metric("test_rmse", rmse(te[1], m.predict(te[0])))
            if base is not None:
                mlflow.log_metric("gain_over_ridge", base.data.metrics["val_rmse"] - v)


if __name__ == "__main__":
    main()
