# Databricks notebook source
# MAGIC %md
# MAGIC # A linear model to compare with

# COMMAND ----------

dbutils = globals().get("dbutils")
ALPHA = float(dbutils.widgets.get("alpha")) if dbutils else 1.0
WHO = "jonas"

# COMMAND ----------

import mlflow
import numpy as np
from mlflow.exceptions import MlflowException
from sklearn.linear_model import Ridge

from soil.data import STATIONS, TARGET, features, split, synthetic

# COMMAND ----------

EXPERIMENT_NAME = "/Shared/soil-moisture"
try:
    experiment_id = mlflow.create_experiment(EXPERIMENT_NAME)
except MlflowException:
    experiment_id = mlflow.get_experiment_by_name(EXPERIMENT_NAME).experiment_id
mlflow.set_experiment(experiment_id=experiment_id)

# COMMAND ----------

lags = [1, 2, 3, 7]
for station in STATIONS:
    frame = synthetic(station)
    x = features(frame, tuple(lags))
    x_train, x_test = split(x)
    with mlflow.start_run(run_name="ridge-" + station):
        info = {"family": "linear", "rows": len(x_train), "target": TARGET, "author": WHO}
        info["lags"] = ",".join(map(str, lags))
        mlflow.set_tags({f"soil.{key}": str(value) for key, value in info.items()})
        mlflow.log_param("station", station)
        mlflow.log_param("alpha", ALPHA)
        model = Ridge(alpha=ALPHA).fit(x_train, frame[TARGET].loc[x_train.index])
        difference = model.predict(x_test) - frame[TARGET].loc[x_test.index]
        mlflow.log_metric("rmse", float(np.sqrt((difference**2).mean())))
        mlflow.log_metric("bias", float(difference.mean()))

# COMMAND ----------

# MAGIC %md
# MAGIC The newest run, to see whether it all was written.

# COMMAND ----------

newest = mlflow.search_runs(
    [experiment_id],
    filter_string=f"tags.`soil.author` = '{WHO}'",
    order_by=["start_time DESC"],
    max_results=1,
)
print(newest.T)
