# Databricks notebook source
# MAGIC %md
# MAGIC # Register the best trial of the last sweep

# COMMAND ----------

import sys

import mlflow
from mlflow.tracking import MlflowClient

sys.path.append("..")

from churnlib.tracking import BASE, newest_by_name

MODEL = "telco.churn.model"
mlflow.set_registry_uri("databricks-uc")
client = MlflowClient()

# COMMAND ----------


class Candidate:
    def __init__(self, experiment, sweep_id):
        self.experiment = experiment
        self.sweep_id = sweep_id

    def trial(self):
        trials = mlflow.search_runs(
            experiment_names=[f"{BASE}/{self.experiment}"],
            filter_string="tags.`mlflow.parentRunId` = '{}'".format(self.sweep_id),
        )
        trials = trials.loc[trials["status"] == "FINISHED"]
        if trials.empty:
            return None
        return trials.nlargest(1, "metrics.val_auc").iloc[0]

    def better_than_baseline(self, row, margin=0.01):
        base = newest_by_name(self.experiment, "logreg")
        return row["metrics.val_auc"] > base["metrics.val_auc"] + margin


# COMMAND ----------

cand = Candidate("weekly", newest_by_name("weekly", "gbt")["run_id"])
row = cand.trial()
if row is None or not cand.better_than_baseline(row):
    dbutils.notebook.exit("kept the old model")  # noqa: F821

# COMMAND ----------

mv = mlflow.register_model(f"runs:/{row['run_id']}/model", MODEL)
client.set_registered_model_alias(MODEL, "champion", mv.version)
client.set_model_version_tag(MODEL, mv.version, "val_auc", f"{row['metrics.val_auc']:.4f}")
