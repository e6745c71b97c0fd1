#!/usr/bin/env python
"""Hourly load forecast. cron: 5 * * * *"""
import argparse
import json
import sys

import mlflow
import numpy as np
import pandas as pd

from common import hours, mlf, settings

log = settings.setup_logging("fc_load")


def read_inputs(zone, day):
    d = settings.zone_dir(zone, "temperature")
    temp = pd.read_parquet(d / f"{day:%Y%m%d}.parquet")
    hist = pd.read_parquet(settings.zone_dir(zone, "load") / "last28.parquet")
    idx = pd.DatetimeIndex(hours.delivery_hours(day))
    return temp.reindex(idx).interpolate(limit=3), hist


def naive(hist, idx):
    wk = hist["mw"].groupby([hist.index.dayofweek, hist.index.hour]).median()
    return np.array([wk.get((t.dayofweek, t.hour), np.nan) for t in idx])


def model_for(zone):
    """The model is the one logged by the training run that is flagged good."""
    cl = mlf.client()
    exp = cl.get_experiment_by_name(settings.EXP_LOAD)
    if exp is None:
        log.error("no experiment %s", settings.EXP_LOAD)
        return None, None
    conds = [
        "attributes.status = 'FINISHED'",
        "tags.zone = '%s'" % zone,
        "tags.last_good = '1'",
    ]
    runs = cl.search_runs([exp.experiment_id], " and ".join(conds), max_results=1,
                          order_by=["start_time DESC"])
    if not runs:
        return None, None
    run = runs[0]
    uri = f"runs:/{run.info.run_id}/model"
    return mlflow.pyfunc.load_model(uri), run.info.run_id


def run_zone(zone, day):
    temp, hist = read_inputs(zone, day)
    model, up = model_for(zone)
    if model is None:
        log.warning("%s: no good model, using the naive curve", zone)
        fc = naive(hist, temp.index)
    else:
        fc = np.asarray(model.predict(temp))
    with mlf.forecast_run(settings.EXP_LOAD + "/fc", zone, day, upstream=up):
        mlflow.log_param("model", "naive" if model is None else "gbm")
        mlflow.log_metric("peak_mw", float(np.nanmax(fc)))
        mlflow.log_metric("n_missing", int(np.isnan(fc).sum()))
        out = settings.zone_dir(zone, "fc_load") / f"{day:%Y%m%d}.json"
        out.write_text(json.dumps([None if np.isnan(x) else round(float(x), 1) for x in fc]))
        mlflow.log_artifact(str(out))


def main(argv=None):
    ap = argparse.ArgumentParser()
    ap.add_argument("--zone", choices=settings.ZONES, action="append")
    ns = ap.parse_args(argv)
    day = hours.tomorrow()
    bad = 0
    for z in ns.zone or settings.ZONES:
        try:
            run_zone(z, day)
        except Exception:
            log.exception("zone %s failed", z)
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
