# Databricks notebook source
# MAGIC %md
# MAGIC ## Train one region by hand

# COMMAND ----------
import os

import mlflow

from demandcore.data.sales import add_features, load_sales, wape

try:
    dbutils  # noqa: F821
except NameError:
    from databricks.sdk.runtime import dbutils

dbutils.widgets.text("region", "EMEA")
dbutils.widgets.text("run_date", "2024-01-31")
dbutils.widgets.dropdown("env", "dev", ["dev", "prod"])
region = dbutils.widgets.get("region")
run_date = dbutils.widgets.get("run_date")
env = dbutils.widgets.get("env")

# COMMAND ----------
exp_name = "/Shared/demand/" + env + "/" + region.lower()
if mlflow.get_experiment_by_name(exp_name) is None:
    exp_id = mlflow.create_experiment(exp_name)
else:
    exp_id = mlflow.get_experiment_by_name(exp_name).experiment_id

# COMMAND ----------
df = add_features(load_sales(region))
groups = sorted(df["store_group"].unique())
display_rows = []
with mlflow.start_run(experiment_id=exp_id, run_name=f"manual-{region}") as run:
    mlflow.set_tag("triggered_by", "notebook")
    mlflow.set_tag("model_family", "mean")
    mlflow.set_tag("region", region)
    mlflow.set_tag("run_date", run_date)
    mlflow.set_tag("git_sha", os.environ.get("GIT_SHA", ""))
    for g in groups:
        part = df[df["store_group"] == g]
        with mlflow.start_run(nested=True, run_name=region + "/" + g) as child:
            mlflow.set_tags({"store_group": g, "level": "store_group", "region": region})
            w = wape(part["units"], part["roll_28"])
            mlflow.log_metric("wape", w)
            display_rows.append((g, w))

# COMMAND ----------
print(display_rows)
dbutils.notebook.exit(run.info.run_id)
