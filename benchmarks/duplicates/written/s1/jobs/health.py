#!/usr/bin/env python
"""Called by Icinga. Prints one line, exits 0/1/2."""
import datetime as dt
import sys

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking.client import MlflowClient

from common import settings
from common.mlf import last_good_run

OK, WARN, CRIT = 0, 1, 2


def newest(exp_name):
    c = MlflowClient(settings.TRACKING_URI)
    e = c.get_experiment_by_name(exp_name)
    if e is None:
        return None
    rs = c.search_runs([e.experiment_id], "", ViewType.ACTIVE_ONLY, 1, ["attributes.start_time DESC"])
    return rs[0] if rs else None


def last_failed(exp_name, zone):
    df = mlflow.search_runs(
        experiment_names=[exp_name],
        filter_string=f"tags.zone = '{zone}' and attributes.status = 'FAILED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return None if df.empty else df.iloc[0]


def stale(run):
    v = run.data.tags.get("valid_until", "")
    if v == "":
        return False
    try:
        t = dt.datetime.strptime(v[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=dt.timezone.utc)
    except ValueError:
        return True
    return dt.datetime.now(dt.timezone.utc) > t


def age_minutes(run):
    started = dt.datetime.fromtimestamp(run.info.start_time / 1000, tz=dt.timezone.utc)
    return (dt.datetime.now(dt.timezone.utc) - started).total_seconds() / 60


def check():
    msgs, worst = [], OK
    for name, limit in ((settings.EXP_LOAD + "/fc", 90), (settings.EXP_WIND, 90), (settings.EXP_PRICE, 360)):
        run = newest(name)
        if run is None:
            msgs.append(f"{name}: no runs")
            worst = CRIT
            continue
        age = age_minutes(run)
        if age > limit or stale(run):
            msgs.append(f"{name}: {age:.0f} min old")
            worst = max(worst, WARN)
    for z in settings.ZONES:
        if last_good_run(settings.EXP_LOAD, z) is None:
            msgs.append(f"no good load model for {z}")
            worst = CRIT
        bad = last_failed(settings.EXP_PRICE, z)
        if bad is not None:
            msgs.append(f"last failure {z}: {bad.run_id[:8]}")
    return worst, "; ".join(msgs) or "all fine"


if __name__ == "__main__":
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    code, text = check()
    print(("OK", "WARNING", "CRITICAL")[code], "-", text)
    sys.exit(code)
