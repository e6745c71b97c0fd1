# Databricks notebook source
import mlflow

# COMMAND ----------

frame = mlflow.search_runs(experiment_names=["/Shared/fraud/train"])
view = frame[["run_id", "start_time", "metrics.recall_at_p90", "tags.fraud.label_window"]]
display(view.sort_values("start_time", ascending=False))

# COMMAND ----------

me = spark.sql("select current_user()").first()[0]
mine = frame[frame["tags.mlflow.user"] == me].sort_values("start_time", ascending=False)
if len(mine):
    my_last = mine["run_id"].iloc[0]
else:
    my_last = None

# COMMAND ----------

if my_last:
    displayHTML(f"<a href='#mlflow/runs/{my_last}'>my last run</a>")
