# Databricks notebook source
# MAGIC %md
# MAGIC # Does the best model of one station work for the others?

# COMMAND ----------

import mlflow
import numpy as np
import pandas as pd
from sklearn.ensemble import GradientBoostingRegressor

from soil.data import STATIONS, TARGET, features, split, synthetic
from soil.plots import bars
from soil.tracking import use

# COMMAND ----------

use()
client = mlflow.MlflowClient()
all_runs = mlflow.search_runs()

# COMMAND ----------


def pick(station):
    mine = all_runs.query("`params.station` == @station and status == 'FINISHED'")
    if len(mine) == 0:
        raise ValueError("train first: " + station)
    return mine.loc[mine["metrics.rmse"].idxmin()]


def run_lags(run_id):
    run = client.get_run(run_id)
    value = run.data.tags.get("soil.lags") or "1,2,7"
    return [int(lag) for lag in value.split(",")]


# COMMAND ----------

rows = []
for source in STATIONS:
    best = pick(source)
    lags = tuple(run_lags(best["run_id"]))
    frame = synthetic(source)
    x_train, _ = split(features(frame, lags))
    model = GradientBoostingRegressor().fit(x_train, frame[TARGET].loc[x_train.index])
    for target in STATIONS:
        other = synthetic(target)
        _, x_test = split(features(other, lags))
        difference = model.predict(x_test) - other[TARGET].loc[x_test.index]
        rmse = float(np.sqrt((difference**2).mean()))
        rows.append({"source": source, "target": target, "rmse": rmse})
transfer = pd.DataFrame(rows)
print(transfer.pivot(index="source", columns="target", values="rmse").round(4))

# COMMAND ----------

with mlflow.start_run(run_name="transfer"):
    mlflow.log_table(transfer, "transfer.json")
    means = transfer.groupby("source")["rmse"].mean().to_dict()
    mlflow.log_figure(bars(means, "mean rmse"), "transfer.png")
