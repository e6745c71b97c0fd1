# Databricks notebook source
# MAGIC %run ./00_setup

# COMMAND ----------

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from sklearn.metrics import precision_recall_curve
from xgboost import XGBClassifier

# COMMAND ----------

dbutils.widgets.text("experiment", "/Shared/fraud/train")
dbutils.widgets.text("window", "2024-01:2024-06")
experiment_path = dbutils.widgets.get("experiment")
window = dbutils.widgets.get("window")
client = MlflowClient()

# COMMAND ----------

exp = client.get_experiment_by_name(experiment_path)
if exp is None:
    exp_id = client.create_experiment(experiment_path)
else:
    exp_id = exp.experiment_id

# COMMAND ----------

start, end = window.split(":")
pdf = spark.table("fraud.features").where(f"month >= '{start}' and month <= '{end}'").toPandas()
X = pdf.drop(columns=["label", "event_id", "event_ts", "month", "merchant_group"])
y = pdf["label"].to_numpy()

# COMMAND ----------


def recall_at(y_true, score, precision=0.9):
    p, r, _ = precision_recall_curve(y_true, score)
    ok = p >= precision
    return float(r[ok].max()) if ok.any() else 0.0


def fit(X, y, **params):
    cut = int(len(X) * 0.8)
    model = XGBClassifier(n_estimators=400, max_depth=6, learning_rate=0.08, tree_method="hist", **params)
    model.fit(X[:cut], y[:cut])
    return model, recall_at(y[cut:], model.predict_proba(X[cut:])[:, 1])


# COMMAND ----------

context = dbutils.notebook.entry_point.getDbutils().notebook().getContext()
version = spark.sql("DESCRIBE HISTORY fraud.features LIMIT 1").first()["version"]
tags = {"fraud.table_version": str(version)}
tags["fraud.label_window"] = window
tags["fraud.workspace"] = context.workspaceId().get()
tags["fraud.job_run_id"] = context.currentRunId().toString()

with mlflow.start_run(experiment_id=exp_id, run_name=f"xgb {window}", tags=tags) as run:
    model, recall = fit(X, y, scale_pos_weight=(y == 0).sum() / max((y == 1).sum(), 1))
    mlflow.log_metric("recall_at_p90", recall)
    mlflow.xgboost.log_model(model, "model")

# COMMAND ----------

# MAGIC %md Per merchant group

# COMMAND ----------

for group in sorted(pdf["merchant_group"].unique()):
    rows = (pdf["merchant_group"] == group).to_numpy()
    if rows.sum() < 5000:
        continue
    child = client.create_run(
        experiment_id=exp_id,
        run_name="group=" + group,
        tags={"fraud.group": group, "mlflow.parentRunId": run.info.run_id},
    )
    cid = child.info.run_id
    _, recall = fit(X[rows], y[rows])
    client.log_metric(cid, "recall_at_p90", recall)
    client.set_terminated(cid)

# COMMAND ----------

dbutils.notebook.exit(run.info.run_id)
