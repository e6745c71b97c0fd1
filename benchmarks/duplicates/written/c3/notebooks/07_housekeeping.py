# Databricks notebook source
# MAGIC %run ./_setup

# COMMAND ----------

import mlflow

client = mlflow.MlflowClient()

# COMMAND ----------

for experiment in client.search_experiments(filter_string="name LIKE '/Shared/scoring/%'"):
    old = client.search_runs([experiment.experiment_id], "tags.lifecycle = 'shadow'", order_by=["start_time ASC"])
    for run in old[:-6]:
        client.delete_run(run.info.run_id)

# COMMAND ----------

frames = [
    mlflow.search_runs([e.experiment_id]) for e in client.search_experiments() if e.name.startswith("/Shared/")
]
for frame in frames:
    spark.createDataFrame(frame.astype(str)).write.mode("append").saveAsTable("risk.mlflow_runs")
