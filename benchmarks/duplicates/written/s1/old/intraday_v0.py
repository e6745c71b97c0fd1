"""Intraday (ID3) model, first version. Still started at :20 because one trader likes it."""
import datetime
import os
import sys

sys.path.append("/srv/desk/code")
import mlflow  # noqa: E402
import pandas as pd  # noqa: E402

mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI", "http://mlf.desk.local:5000"))
client = mlflow.tracking.MlflowClient()

EXPERIMENT = "intraday_v0"

try:
    EXP_ID = client.create_experiment(EXPERIMENT)
except mlflow.exceptions.MlflowException:
    _e = client.get_experiment_by_name(EXPERIMENT)
    if _e.lifecycle_stage == "deleted":
        client.restore_experiment(_e.experiment_id)
    EXP_ID = _e.experiment_id


def spread(zone):
    df = pd.read_csv(f"/srv/desk/data/id3/{zone}.csv", sep=";", decimal=",")
    return df.id3 - df.da


def get_state(zone):
    """the coefficients of the last run of today"""
    today = datetime.date.today().isoformat()
    rows = mlflow.search_runs([EXP_ID], "tags.zone = '%s' and params.date = '%s'" % (zone, today))
    if len(rows):
        r = rows.sort_values("start_time").iloc[-1]
        return float(r["metrics.a"]), float(r["metrics.b"])
    return 0.0, 1.0


def go(zone):
    a, b = get_state(zone)
    s = spread(zone)
    a = 0.9 * a + 0.1 * s.mean()
    b = 0.9 * b + 0.1 * s.std()
    day = datetime.date.today()
    t = {}
    t["zone"] = zone
    t["delivery_day"] = str(day)
    t["kind"] = "forecast"
    run = client.create_run(EXP_ID, tags=t)
    client.log_param(run.info.run_id, "date", day.isoformat())
    client.log_metric(run.info.run_id, "a", a)
    client.log_metric(run.info.run_id, "b", b)
    client.set_terminated(run.info.run_id)


if __name__ == "__main__":
    for z in sys.argv[1:] or ["DE_LU"]:
        go(z)
