# Databricks notebook source
# MAGIC %run ./00_setup

# COMMAND ----------

import mlflow

dbutils.widgets.text("experiment", "/Shared/fraud/train")
dbutils.widgets.dropdown("dry_run", "yes", ["yes", "no"])
experiment = mlflow.get_experiment_by_name(dbutils.widgets.get("experiment"))

# COMMAND ----------

candidates = client.search_runs(
    [experiment.experiment_id],
    "attributes.status = 'FINISHED'",
    order_by=["metrics.recall_at_p90 DESC"],
    max_results=1,
)
if not candidates:
    raise RuntimeError("no candidate")
best = candidates[0]

# COMMAND ----------

print(best.info.run_id, best.data.metrics, "table version", table_version(best))
if dbutils.widgets.get("dry_run") == "no":
    mv = mlflow.register_model(f"runs:/{best.info.run_id}/model", "main.fraud.scorer")
    client.set_registered_model_alias("main.fraud.scorer", "champion", mv.version)
