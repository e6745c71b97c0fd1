"""Final evaluation of one model on the test days."""
import argparse
import json

import mlflow
from mlflow.tracking import MlflowClient

from data import load_site, make_xy, split
from helpers import EXPERIMENT, get_exp, last_run, mae, plot_day, rmse
from models import build


def newest(model):
    return last_run(model)


def best(model):
    runs = MlflowClient().search_runs([get_exp()], f"tags.model = '{model}'")
    runs = [r for r in runs if "val_rmse" in r.data.metrics]
    if not runs:
        return None
    return min(runs, key=lambda r: r.data.metrics["val_rmse"])


def export(path):
    out = []
    for r in MlflowClient().search_runs([get_exp(EXPERIMENT)]):
        out.append({"id": r.info.run_id, **r.data.metrics})
    with open(path, "w") as f:
        json.dump(out, f, indent=1)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("model")
    ap.add_argument("--which", choices=["best", "newest"], default="best")
    ap.add_argument("--site", default="north")
    ap.add_argument("--export")
    a = ap.parse_args()
    if a.export:
        export(a.export)
    run = best(a.model) if a.which == "best" else newest(a.model)
    if run is None:
        raise SystemExit("no run of " + a.model)
    lags = [int(x) for x in run.data.tags["lags"].split(",") if x]
    tr, _, te = split(*make_xy(load_site(a.site), lags))
    m = build(a.model).fit(*tr)
    p = m.predict(te[0])
    print("rmse", rmse(te[1], p), "mae", mae(te[1], p))
    png = plot_day(te[1][:24], p[:24], a.model, "day.png")
    with mlflow.start_run(run_id=run.info.run_id):
        mlflow.log_artifact(png)


if __name__ == "__main__":
    main()
