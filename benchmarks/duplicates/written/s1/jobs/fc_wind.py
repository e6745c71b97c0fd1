#!/usr/bin/env python
# wind power forecast, own run handling because it is older than common/mlf.py  (TK)
import os
import sys
import time

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from common.hours import tomorrow
from common.settings import EXP_WIND, TRACKING_URI, ZONES, setup_logging, zone_dir

log = setup_logging("fc_wind")
mlflow.set_tracking_uri(TRACKING_URI)

CUT_IN, RATED, CUT_OUT = 3.0, 12.5, 25.0


def power_curve(v):
    if v < CUT_IN or v > CUT_OUT:
        return 0.0
    if v >= RATED:
        return 1.0
    return ((v - CUT_IN) / (RATED - CUT_IN)) ** 3


def experiment():
    cl = MlflowClient()
    e = cl.get_experiment_by_name(EXP_WIND)
    if e is not None and e.lifecycle_stage != "active":
        cl.restore_experiment(e.experiment_id)
        eid = e.experiment_id
    elif e is not None:
        eid = e.experiment_id
    else:
        eid = cl.create_experiment(EXP_WIND)
    return eid


def weather_run_id(zone):
    """id of the newest NWP ingest (by param, ingest does not tag)"""
    cl = MlflowClient()
    exp = cl.get_experiment_by_name("ingest/nwp")
    found = cl.search_runs([exp.experiment_id], f"params.zone = '{zone}' and params.model = 'icon-eu'",
                           order_by=["attributes.start_time DESC"], max_results=1)
    return found[0].info.run_id if found else None


def forecast(zone, day):
    ws = pd.read_parquet(zone_dir(zone, "wind100m") / f"{day:%Y%m%d}.parquet")
    cap = float((zone_dir(zone, "capacity") / "mw.txt").read_text())
    return ws["v"].map(power_curve) * cap * 0.93


def main():
    day = tomorrow()
    eid = experiment()
    for zone in ZONES:
        t0 = time.time()
        up = weather_run_id(zone)
        run_tags = {"kind": "forecast", "zone": zone, "delivery_day": day.strftime("%Y-%m-%d")}
        if up is not None:
            run_tags["upstream"] = up
        mlflow.start_run(experiment_id=eid, run_name="%s-%s" % (zone, day.strftime("%Y%m%d")))
        mlflow.set_tags(run_tags)
        try:
            fc = forecast(zone, day)
            mlflow.log_metrics({"mean_mw": fc.mean(), "max_mw": fc.max()})
            fn = zone_dir(zone, "fc_wind") / f"{day:%Y%m%d}.csv"
            fc.to_csv(fn)
            mlflow.log_artifact(os.fspath(fn))
        except (FileNotFoundError, MlflowException) as err:
            log.error("%s %s", zone, err)
            mlflow.end_run("FAILED")
            continue
        mlflow.log_metric("seconds", time.time() - t0)
        mlflow.end_run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
