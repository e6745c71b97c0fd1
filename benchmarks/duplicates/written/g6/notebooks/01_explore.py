# Databricks notebook source
# MAGIC %md
# MAGIC # First look at the stations

# COMMAND ----------

import mlflow
import pandas as pd

from soil.data import STATIONS, TARGET, features, synthetic

# COMMAND ----------

frames = {station: synthetic(station) for station in STATIONS}
summary = pd.DataFrame({station: frame[TARGET].describe() for station, frame in frames.items()})
print(summary.round(3))

# COMMAND ----------

correlation = {}
for station, frame in frames.items():
    joined = features(frame).join(frame[TARGET])
    correlation[station] = joined.corr()[TARGET].drop(TARGET)
print(pd.DataFrame(correlation).round(2))

# COMMAND ----------

# MAGIC %md
# MAGIC Keep the table, so that we can see later what the data was like.

# COMMAND ----------

mlflow.set_experiment("/Shared/soil-moisture-explore")
with mlflow.start_run(run_name="describe"):
    mlflow.log_text(summary.to_csv(), "summary.csv")
    mlflow.set_tags(
        dict(
            stations=str(len(frames)),
            days=str(max(len(frame) for frame in frames.values())),
            purpose="explore",
        )
    )
