# Databricks notebook source
import mlflow
import pandas as pd

# COMMAND ----------

dbutils.widgets.text("experiment", "/Shared/fraud/train")
dbutils.widgets.text("window", "2024-01:2024-06")
path, window = dbutils.widgets.get("experiment"), dbutils.widgets.get("window")

# COMMAND ----------

runs = mlflow.search_runs(
    experiment_names=[path],
    filter_string=f"tags.`fraud.label_window` = '{window}'",
    order_by=["start_time DESC"],
)
if runs.empty:
    dbutils.notebook.exit("no run")
run_id = runs.iloc[0].run_id
print("evaluating", run_id)

# COMMAND ----------

run = mlflow.get_run(run_id)
version = int(run.data.tags["fraud.table_version"]) if "fraud.table_version" in run.data.tags else None
reader = spark.read if version is None else spark.read.option("versionAsOf", version)
holdout = reader.table("fraud.features").where("month > '2024-06'").toPandas()

# COMMAND ----------

model = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
holdout["score"] = model.predict(holdout[model.metadata.get_input_schema().input_names()])

# COMMAND ----------


def calibration(frame, bins=10):
    edges = pd.qcut(frame["score"], bins, duplicates="drop")
    return frame.groupby(edges, observed=True).agg(n=("label", "size"), rate=("label", "mean"))


display(calibration(holdout).reset_index().astype(str))

# COMMAND ----------

with mlflow.start_run(run_id=run_id):
    mlflow.log_metric("holdout_rate", holdout["label"].mean())
    mlflow.log_text(calibration(holdout).to_csv(), "calibration.csv")
