"""Load forecasts for a grid. Sent by a user."""
import argparse
import logging

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from tidecast.metrics import mase, smape, windows
from tidecast.models import SeasonalNaive, WindowRegressor

log = logging.getLogger("energy")


def read(path):
    df = pd.read_csv(path, parse_dates=["utc"], index_col="utc")
    y = df["load_mw"].resample("h").mean().interpolate()
    return y.asfreq("h")


def exp_id(name):
    client = MlflowClient()
    e = client.get_experiment_by_name(name)
    if e:
        if e.lifecycle_stage != "active":
            log.info("restoring %s", name)
            client.restore_experiment(e.experiment_id)
        return e.experiment_id
    else:
        return client.create_experiment(name)


def evaluate(y, model, eid, weeks):
    client = MlflowClient()
    parent = client.create_run(eid, run_name="energy")
    out = []
    for k, (tr, te) in enumerate(windows(y, model.horizon, weeks)):
        child = client.create_run(
            eid,
            tags={
                "mlflow.parentRunId": parent.info.run_id,
                "mlflow.runName": "window-%d" % k,
                "tidecast.window": str(k),
                "tidecast.cut": str(tr.index[-1]),
                "tidecast.dataset": "energy",
            },
        )
        p = model.fit(tr).predict()
        out.append(smape(te, p))
        client.log_metric(child.info.run_id, "smape", out[-1])
        client.log_metric(child.info.run_id, "mase", mase(te, p, tr, 24))
        client.set_terminated(child.info.run_id)
    client.log_metric(parent.info.run_id, "smape", sum(out) / len(out))
    client.set_tag(parent.info.run_id, "tidecast.dataset", "energy")
    client.set_terminated(parent.info.run_id)


def winner(eid):
    df = mlflow.search_runs([eid], filter_string="tags.`tidecast.dataset` = 'energy'")
    df = df[df["metrics.smape"].notna()]
    if len(df) < 1:
        return None
    return df.nsmallest(1, "metrics.smape").iloc[0]["run_id"]


def winner_mase(eid):
    df = mlflow.search_runs([eid], order_by=["metrics.mase ASC"], max_results=1)
    return df.run_id.iloc[0] if len(df) else None


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("csv")
    ap.add_argument("--weeks", type=int, default=8)
    ap.add_argument("--experiment", default="tidecast-energy")
    a = ap.parse_args()
    mlflow.set_experiment(experiment_id=exp_id(a.experiment))
    y = read(a.csv)
    for m in (SeasonalNaive(168, 168), WindowRegressor(168, 336)):
        evaluate(y, m, exp_id(a.experiment), a.weeks)
    print(winner(exp_id(a.experiment)), winner_mase(exp_id(a.experiment)))
