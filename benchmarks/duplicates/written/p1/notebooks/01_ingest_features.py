# Databricks notebook source
# MAGIC %md
# MAGIC ## Weekly features
# MAGIC Builds the snapshot and records it as a (data) run.

# COMMAND ----------

import datetime as dt

import mlflow
from pyspark.sql import Window
from pyspark.sql import functions as F

from shared.config import load_settings
from shared.delta_io import overwrite_partition, week_floor

# COMMAND ----------

dbutils.widgets.text("env", "dev")  # noqa: F821
settings = load_settings(dbutils.widgets.get("env"))  # noqa: F821
snapshot = week_floor(dt.date.today()).strftime("%Y%m%d")

# COMMAND ----------


def build_features(sales, calendar):
    w = Window.partitionBy("store_id", "sku").orderBy("week")
    out = sales.join(calendar, "week", "left")
    for lag in (1, 2, 4, 13, 52):
        out = out.withColumn(f"lag_{lag}", F.lag("units", lag).over(w))
    out = out.withColumn("roll_4", F.avg("units").over(w.rowsBetween(-4, -1)))
    return out.withColumn("snapshot_id", F.lit(snapshot))


features = build_features(
    spark.table(f"{settings.catalog}.raw.sales"),  # noqa: F821
    spark.table(f"{settings.catalog}.raw.calendar"),  # noqa: F821
)
n_rows = features.count()
if n_rows < settings.min_rows:
    raise RuntimeError(f"only {n_rows} rows, expected {settings.min_rows}")

# COMMAND ----------

overwrite_partition(features, f"{settings.catalog}.features.weekly", "snapshot_id", snapshot)

# COMMAND ----------


def record_ingest(n_rows, snapshot):
    mlflow.set_experiment(f"/Shared/demand/{settings.env}/ingest")
    with mlflow.start_run(run_name=f"ingest-{snapshot}") as run:
        mlflow.set_tags({
            "feature_snapshot": snapshot,
            "source": "sales+calendar",
            "layer": "gold",
        })
        mlflow.log_metric("rows", n_rows)
    return run.info.run_id


def previous_ingest():
    """Newest ingest run with its row count, whatever the snapshot was."""
    df = mlflow.search_runs(
        experiment_names=[f"/Shared/demand/{settings.env}/ingest"],
        order_by=["start_time DESC"],
        max_results=1,
    )
    return None if df.empty else df.iloc[0]


before = previous_ingest()
if before is not None and n_rows < 0.9 * before["metrics.rows"]:
    print(f"WARNING rows dropped from {before['metrics.rows']:.0f} to {n_rows}")
run_id = record_ingest(n_rows, snapshot)
dbutils.notebook.exit(run_id)  # noqa: F821
