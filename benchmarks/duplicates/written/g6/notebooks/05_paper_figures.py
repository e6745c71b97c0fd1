# Databricks notebook source
# MAGIC %md
# MAGIC # Figures for the paper

# COMMAND ----------

import mlflow
import pandas as pd

from soil.data import STATIONS
from soil.plots import bars, learning
from soil.tracking import EXPERIMENT, best_run, lags_of, table

# COMMAND ----------

runs = table()
print(runs.groupby("station")["rmse"].agg(["min", "mean", "count"]).round(4))

# COMMAND ----------

best = {station: best_run(station) for station in STATIONS}
bars({station: row["metrics.rmse"] for station, row in best.items()}, "rmse").savefig("fig1.png")
for station, row in best.items():
    print(station, "lags", lags_of(row))

# COMMAND ----------

client = mlflow.MlflowClient()
history = []
for station, row in best.items():
    for point in client.get_metric_history(row["run_id"], "rmse_staged"):
        history.append({"run": station, "step": point.step, "value": point.value})
if history:
    learning(pd.DataFrame(history)).savefig("fig2.png")

# COMMAND ----------

# MAGIC %md
# MAGIC The model with the least bias over all stations, for the text.

# COMMAND ----------

linear = mlflow.search_runs(
    experiment_names=[EXPERIMENT], filter_string="tags.`soil.family` = 'linear'"
)
least = linear.loc[linear["metrics.bias"].abs().idxmin()]
print(least["run_id"], least["params.station"], least["metrics.bias"])

# COMMAND ----------

# MAGIC %md
# MAGIC Throw away runs that broke, they only disturb the tables.

# COMMAND ----------

broken = mlflow.search_runs(
    experiment_names=[EXPERIMENT], filter_string="attributes.status = 'FAILED'"
)
for run_id in broken.get("run_id", []):
    mlflow.delete_run(run_id)
