# Databricks notebook source
# MAGIC %md
# MAGIC # Gradient boosting for each station

# COMMAND ----------

import mlflow
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_squared_error

from soil.data import STATIONS, TARGET, features, split, synthetic
from soil.plots import series

# COMMAND ----------

LAGS = (1, 2, 7)
GRID = [{"max_depth": depth, "n_estimators": trees} for depth in (2, 3) for trees in (100, 200)]
mlflow.set_experiment("/Shared/soil-moisture")

# COMMAND ----------


def train(station, params):
    frame = synthetic(station)
    x = features(frame, LAGS)
    x_train, x_test = split(x)
    y = frame[TARGET]
    model = GradientBoostingRegressor(**params).fit(x_train, y.loc[x_train.index])
    tags = {
        "soil.family": "trees",
        "soil.lags": ",".join(str(lag) for lag in LAGS),
        "soil.rows": str(len(x_train)),
        "soil.target": TARGET,
        "soil.author": "mira",
    }
    with mlflow.start_run(run_name=f"gbr-{station}", nested=True, tags=tags):
        mlflow.log_params({"station": station, **params})
        predicted = model.predict(x_test)
        rmse = float(np.sqrt(mean_squared_error(y.loc[x_test.index], predicted)))
        mlflow.log_metric("rmse", rmse)
        for step, staged in enumerate(model.staged_predict(x_test)):
            if step % 20 == 0:
                error = mean_squared_error(y.loc[x_test.index], staged)
                mlflow.log_metric("rmse_staged", float(np.sqrt(error)), step=step)
        mlflow.log_figure(series(y.loc[x_test.index], predicted, station), "series.png")
    return rmse


# COMMAND ----------

with mlflow.start_run(run_name="grid"):
    for station in STATIONS:
        for params in GRID:
            print(station, params, round(train(station, params), 4))

# COMMAND ----------

# MAGIC %md
# MAGIC Which one is best?

# COMMAND ----------

client = mlflow.MlflowClient()
experiment = client.get_experiment_by_name("/Shared/soil-moisture")
winners = {}
for station in STATIONS:
    candidates = client.search_runs(
        [experiment.experiment_id],
        f"params.station = '{station}'",
        order_by=["metrics.rmse"],
    )
    candidates = [run for run in candidates if run.info.status == "FINISHED"]
    winners[station] = candidates[0]
for station, run in winners.items():
    print(station, run.info.run_id, run.data.metrics["rmse"])
