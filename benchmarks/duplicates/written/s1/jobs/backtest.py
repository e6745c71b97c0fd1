#!/usr/bin/env python
"""P&L of yesterday's price forecasts, one run per forecast run (chained with `upstream`)."""
import argparse
import logging
import socket
import subprocess
from os import environ

import mlflow
import pandas as pd

from common import settings
from common.mlf import client, ensure_experiment

log = logging.getLogger("backtest")


def backtest_for(forecast_run_id):
    """Row of the newest backtest that hangs on the forecast, None when not done yet"""
    df = mlflow.search_runs(
        experiment_names=[settings.EXP_BACKTEST],
        filter_string="tags.%s = '%s'" % (settings.TAG_UPSTREAM, forecast_run_id),
        order_by=["start_time DESC"],
    )
    if df.empty:
        return None
    return df.iloc[0]


def env_tags():
    out = dict(host=socket.gethostname(), cron_job=environ.get("CRON_JOB", "manual"))
    out["user"] = environ.get("LOGNAME") or environ.get("USER", "?")
    p = subprocess.run("git rev-parse --short HEAD", shell=True, capture_output=True, text=True)
    out["git_sha"] = p.stdout.strip() if p.returncode == 0 else "unknown"
    return out


def unscored(day):
    c = client()
    exp = c.get_experiment_by_name(settings.EXP_PRICE)
    todo, token = [], None
    while True:
        page = c.search_runs([exp.experiment_id], "attributes.status = 'FINISHED'",
                             max_results=200, page_token=token)
        todo += [r for r in page if r.data.tags.get("published") == "1"]
        token = page.token
        if not token:
            break
    return [r for r in todo if backtest_for(r.info.run_id) is None]


def pnl(fc, spot, volume=25.0):
    side = (fc > spot["id3"]).astype(int) * 2 - 1
    return float((side * (spot["id3"] - spot["da"]) * volume).sum())


def score(run):
    c = client()
    hist = c.get_metric_history(run.info.run_id, "eur_h")
    fc = pd.Series({m.step: m.value for m in hist}).sort_index()
    zone = run.data.tags[settings.TAG_ZONE]
    spot = pd.read_parquet(settings.zone_dir(zone, "spot") / "yesterday.parquet")
    eid = ensure_experiment(settings.EXP_BACKTEST)
    bt = c.create_run(eid, tags={**env_tags(), "upstream": run.info.run_id, "zone": zone})
    try:
        c.log_metric(bt.info.run_id, "pnl_eur", pnl(fc.to_numpy(), spot))
        c.log_metric(bt.info.run_id, "mae", float((fc.to_numpy() - spot["da"]).abs().mean()))
    except Exception:
        c.set_terminated(bt.info.run_id, "FAILED")
        raise
    c.set_terminated(bt.info.run_id)
    return bt.info.run_id


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--day")
    a = ap.parse_args()
    settings.setup_logging("backtest")
    for fr in unscored(a.day):
        log.info("scored %s in %s", fr.info.run_id, score(fr))
