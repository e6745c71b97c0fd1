"""Backfill of past weeks (Spark, one task per store)."""
import logging
import subprocess
from datetime import date, timedelta

import mlflow
import pandas as pd
from mlflow.tracking.client import MlflowClient

from demandcast.config import ForecastConfig, iso_week, load_config
from demandcast.data.helpers import load_sales, spark_session
from demandcast.training.helpers import ensure_experiment
from demandcast.training.train_prophet import fit_one

logger = logging.getLogger(__name__)


def backfill_tags(cfg: ForecastConfig, family, start, end):
    sha = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    t = dict()
    t["dc.region"] = cfg.region
    t["dc.family"] = family
    t["dc.git_sha"] = sha or "unknown"
    t["dc.train_window"] = str(start) + ":" + str(end)
    return t


def week_parent(client, exp_id, week):
    conditions = {"dc.level": "week", "dc.week": week}
    query = " and ".join("tags.`%s` = '%s'" % kv for kv in conditions.items())
    result = client.search_runs([exp_id], query, order_by=["start_time desc"])
    for run in result:
        return run.info.run_id
    return None


def first_parent(client, exp_id, region):
    """Oldest weekly run, to know how far back we are."""
    result = client.search_runs(
        [exp_id], "tags.`dc.level` = 'week'", order_by=["attributes.start_time ASC"], max_results=1
    )
    if not result:
        raise LookupError("no weekly run in " + region)
    return result[0]


def store_task(cfg, exp_id, parent_id, start, end):
    def fit(frame: pd.DataFrame) -> pd.DataFrame:
        store = frame["store_id"].iloc[0]
        c = MlflowClient(cfg.mlflow.tracking_uri)
        child = c.create_run(
            exp_id,
            tags={
                "dc.store": store,
                "dc.family": "prophet",
                "dc.level": "store",
                "mlflow.parentRunId": parent_id,
                "mlflow.runName": f"{store}-prophet",
            },
        )
        for k, v in backfill_tags(cfg, "prophet", start, end).items():
            c.set_tag(child.info.run_id, k, v)
        model = fit_one(frame)
        future = model.predict(frame)
        err = (future["yhat"] - frame["y"].values).abs().sum() / frame["y"].sum()
        c.log_metric(child.info.run_id, "wape", float(err))
        c.set_terminated(child.info.run_id)
        return pd.DataFrame({"store_id": [store], "wape": [float(err)]})

    return fit


def backfill(region: str, weeks: int) -> None:
    cfg = load_config(region)
    client = MlflowClient(cfg.mlflow.tracking_uri)
    exp_id = ensure_experiment(cfg)
    spark = spark_session("backfill")
    for back in range(weeks, 0, -1):
        end = date.today() - timedelta(weeks=back)
        start = end - timedelta(weeks=cfg.history_weeks)
        week = iso_week(end)
        parent_id = week_parent(client, exp_id, week)
        if parent_id is not None:
            logger.info("%s already there", week)
            continue
        with mlflow.start_run(experiment_id=exp_id, run_name=f"backfill {week}") as parent:
            mlflow.set_tags({"dc.level": "week", "dc.week": week, "dc.backfill": "true"})
            sales = load_sales(spark, region, start, end)
            task = store_task(cfg, exp_id, parent.info.run_id, start, end)
            scores = sales.groupBy("store_id").applyInPandas(task, "store_id string, wape double").toPandas()
            mlflow.log_metric("wape_mean", scores["wape"].mean())


if __name__ == "__main__":
    import sys

    backfill(sys.argv[1], int(sys.argv[2]))
