#!/usr/bin/env python
"""Retrains the load models every night; promotes if better than the incumbent."""
import os
import platform
import subprocess
import sys

import lightgbm as lgb
import mlflow
import pandas as pd

from common import mlf, settings

log = settings.setup_logging("train_nightly")
PARAMS = {"objective": "mae", "num_leaves": 63, "learning_rate": 0.05, "verbose": -1}


def _sha():
    try:
        return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True,
                              text=True, check=True).stdout.strip()
    except Exception:
        return "unknown"


def dataset(zone):
    df = pd.read_parquet(settings.zone_dir(zone, "train") / "load.parquet")
    df["dow"] = df.index.dayofweek
    df["hod"] = df.index.hour
    df["is_peak"] = df["hod"].between(8, 19).astype(int)
    cut = df.index.max() - pd.Timedelta(days=14)
    return df[df.index <= cut], df[df.index > cut]


def best_recent(zone):
    """Best holdout MAE so far for this zone. Lower is better."""
    exp_id = mlf.ensure_experiment(settings.EXP_LOAD)
    rows = mlflow.search_runs([exp_id], f"tags.zone = '{zone}' and attributes.status = 'FINISHED'",
                              order_by=["metrics.holdout_mae ASC"], max_results=1)
    if len(rows) == 0:
        return None
    return rows.iloc[0]["run_id"], rows.iloc[0]["metrics.holdout_mae"]


def train(zone):
    tr, te = dataset(zone)
    x = [c for c in tr.columns if c != "mw"]
    mlflow.set_experiment(settings.EXP_LOAD)
    with mlflow.start_run(run_name=f"train-{zone}") as run:
        mlflow.set_tag("host", platform.node())
        mlflow.set_tag("user", os.environ.get("USER", "cron"))
        mlflow.set_tag("cron_job", os.getenv("CRON_JOB") or "manual")
        mlflow.set_tag("git_sha", _sha())
        mlflow.set_tag("zone", zone)
        mlflow.log_params(PARAMS)
        m = lgb.train(PARAMS, lgb.Dataset(tr[x], tr["mw"]), num_boost_round=400)
        mae = float((m.predict(te[x]) - te["mw"]).abs().mean())
        mlflow.log_metric("holdout_mae", mae)
        mlflow.lightgbm.log_model(m, "model")
    return run.info.run_id, mae


def main():
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    for zone in settings.ZONES:
        prev = best_recent(zone)
        rid, mae = train(zone)
        if prev is None or mae < prev[1] * 1.02:
            mlf.mark_good(rid, settings.EXP_LOAD, zone)
            log.info("%s good: %.1f", zone, mae)
        else:
            log.warning("%s mae %.1f worse than %s (%.1f)", zone, mae, prev[0], prev[1])


if __name__ == "__main__":
    sys.exit(main())
