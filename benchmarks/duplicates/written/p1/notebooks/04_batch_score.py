# Databricks notebook source
# MAGIC %md
# MAGIC ### Batch scoring

# COMMAND ----------

import datetime as dt
import re

import mlflow
from mlflow import MlflowClient

from shared.config import load_settings
from shared.delta_io import overwrite_partition, read_snapshot, week_floor, weeks_between
from shared.registry import Registry

# COMMAND ----------

settings = load_settings()
client = MlflowClient()
registry = Registry(client=client)


def horizon_weeks(run):
    """Horizon tag like "13w" as a number; older runs haven't got it."""
    m = re.fullmatch(r"(\d+)w?", run.data.tags.get("horizon", "13w").strip().lower())
    if m is None:
        raise ValueError(f"strange horizon on run {run.info.run_id}")
    return int(m.group(1))


def trained_run(snapshot):
    experiment = client.get_experiment_by_name(settings.experiment_path)
    candidates = []
    token = None
    while True:
        page = client.search_runs([experiment.experiment_id], page_token=token, max_results=500)
        for r in page:
            if r.info.status == "FINISHED" and r.data.tags.get("feature_snapshot") == snapshot:
                candidates.append(r)
        token = page.token
        if not token:
            break
    return max(candidates, key=lambda r: r.info.start_time, default=None)


def score_udf(run_id):
    return mlflow.pyfunc.spark_udf(spark, f"runs:/{run_id}/model", result_type="double")  # noqa: F821

# COMMAND ----------

monday = week_floor(dt.date.today())
snapshot = monday.strftime("%Y%m%d")
run = trained_run(snapshot)
if run is None:
    print("no fresh run, using champion")
    run = registry.champion_run()

weeks = weeks_between(monday, monday + dt.timedelta(weeks=horizon_weeks(run) - 1))
features = read_snapshot(spark, settings.catalog, snapshot)  # noqa: F821
udf = score_udf(run.info.run_id)
scored = None
for week in weeks:
    part = features.withColumn("units_hat", udf(*[c for c in features.columns if c.startswith(("lag", "roll"))]))
    part = part.selectExpr("store_id", "sku", f"date'{week}' as week", "units_hat")
    scored = part if scored is None else scored.unionByName(part)
overwrite_partition(scored, f"{settings.catalog}.out.forecast", "snapshot_id", snapshot)

# COMMAND ----------

with mlflow.start_run(run_name=f"score-{snapshot}", tags={"kind": "scoring", "model_run": run.info.run_id}):
    mlflow.log_metric("weeks", len(weeks))
