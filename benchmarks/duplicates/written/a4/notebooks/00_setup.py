# Databricks notebook source
# MAGIC %md
# MAGIC # Setup
# MAGIC Shared helpers; `%run ./00_setup` from every other notebook.

# COMMAND ----------

import mlflow
import pyspark.sql.functions as F
from mlflow.tracking import MlflowClient

client = MlflowClient()

# COMMAND ----------

# MAGIC %md ## Tags

# COMMAND ----------

WINDOW_TAG = "fraud.label_window"
TABLE_TAG = "fraud.table_version"
JOB_TAG = "fraud.job_run_id"
WORKSPACE_TAG = "fraud.workspace"


def job_tags(dbutils, window, version):
    ctx = dbutils.notebook.entry_point.getDbutils().notebook().getContext()
    return {
        WORKSPACE_TAG: ctx.workspaceId().get(),
        JOB_TAG: ctx.currentRunId().toString(),
        TABLE_TAG: str(version),
        WINDOW_TAG: window,
    }


# COMMAND ----------


def experiment_id(path):
    found = client.get_experiment_by_name(path)
    return found.experiment_id if found else client.create_experiment(path)


def run_for_window(path, window):
    """Last run trained on a label window; the one place for this."""
    hits = client.search_runs(
        [experiment_id(path)],
        f"tags.`{WINDOW_TAG}` = '{window}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not hits:
        raise ValueError(f"no run for window {window}")
    return hits[0]


def run_id_for_window(path, window):
    return run_for_window(path, window).info.run_id


def table_version(run):
    """Delta version a run was trained on."""
    raw = run.data.tags.get(TABLE_TAG)
    return int(raw) if raw is not None else None


def group_run(parent, group):
    run = client.create_run(
        parent.info.experiment_id,
        tags={"mlflow.parentRunId": parent.info.run_id, "fraud.group": group},
        run_name=f"group={group}",
    )
    return run.info.run_id


# COMMAND ----------


def read_delta(spark, table, version=None):
    reader = spark.read.format("delta")
    if version is not None:
        reader = reader.option("versionAsOf", version)
    return reader.table(table)


def current_version(spark, table):
    return spark.sql(f"DESCRIBE HISTORY {table} LIMIT 1").collect()[0]["version"]


def recent(frame, days):
    return frame.where(F.col("event_ts") >= F.date_sub(F.current_date(), days))
