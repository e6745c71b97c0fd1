# Databricks notebook source
# Compares the run of a day with the sales that came after it.

# COMMAND ----------
from databricks.sdk.runtime import dbutils
from mlflow.tracking import MlflowClient

from demandcore.data.sales import load_sales

dbutils.widgets.text("region", "APAC")
dbutils.widgets.text("day", "2024-01-31")
region, day = dbutils.widgets.get("region"), dbutils.widgets.get("day")
client = MlflowClient()

# COMMAND ----------
experiment = client.get_experiment_by_name(f"/Shared/demand/prod/{region.lower()}")
if experiment is None:
    dbutils.notebook.exit("no experiment")

# COMMAND ----------
latest = None
for r in client.search_runs([experiment.experiment_id], filter_string=f"tags.region = '{region}'"):
    if r.data.tags.get("run_date") != day or r.info.status != "FINISHED":
        continue
    if latest is None or r.info.start_time > latest.info.start_time:
        latest = r
assert latest is not None, "no run of that day"

# COMMAND ----------
h = latest.data.tags.get("horizon", "14d")
h = int(h[:-1])
children = client.search_runs([experiment.experiment_id], f"tags.`mlflow.parentRunId` = '{latest.info.run_id}'")
sales = load_sales(region)
after = sales[(sales["date"] > day)].groupby("store_group").head(h)
print(after.groupby("store_group")["units"].sum(), {c.info.run_name: c.data.metrics for c in children})
