#!/usr/bin/env python3
# backfill missing drift days. usage: backfill.py ctr_games 2024-01-01 2024-01-31
import datetime as dt
import sys

import mlflow

from jobs.daily_drift import DriftJob

mlflow.set_tracking_uri("http://mlflow.ctr.svc:5000")


def drift_for(model, day):
    df = mlflow.search_runs(
        experiment_names=["ctr/drift"],
        filter_string=f"tags.day = '{day}' AND tags.model = '{model}'",
        order_by=["start_time DESC"],
    )
    return None if df.empty else mlflow.get_run(df.run_id.iloc[0])


def last_scored():
    """day of the last good scoring job"""
    df = mlflow.search_runs(experiment_names=["ctr/jobs"], filter_string="tags.job = 'daily_score'")
    df = df.query("status == 'FINISHED'")
    if df.empty:
        sys.exit("never scored")
    run = df.loc[df["start_time"].idxmax()]
    return dt.date.fromisoformat(run["tags.day"])


def window(run):
    w = run.data.tags.get("window")
    if not w or "/" not in w:
        return None, None
    a, b = w.split("/", 1)
    return dt.date.fromisoformat(a), dt.date.fromisoformat(b)


model = sys.argv[1]
day, end = (dt.date.fromisoformat(a) for a in sys.argv[2:4])
end = min(end, last_scored())
while day <= end:
    run = drift_for(model, day)
    start, stop = window(run) if run else (None, None)
    if run is None or run.info.status == "FAILED" or stop != day:
        print("backfill", model, day)
        DriftJob(day).process(model)
    else:
        print("ok", model, day, "reference of", (stop - start).days, "days")
    day += dt.timedelta(days=1)
