# Databricks notebook source
# MAGIC %md
# MAGIC # Baseline (Piotr, 2021)
# MAGIC Kept as a sanity check for the boosted trees.

# COMMAND ----------

import mlflow
import numpy as np
import pandas as pd
from mlflow.tracking import MlflowClient
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

# COMMAND ----------

dbutils.widgets.text("experiment", "weekly")  # noqa: F821
dbutils.widgets.text("table", "telco.churn.features")  # noqa: F821
EXPERIMENT = "/Shared/churn/" + dbutils.widgets.get("experiment")  # noqa: F821
TABLE = dbutils.widgets.get("table")  # noqa: F821

# COMMAND ----------

if mlflow.get_experiment_by_name(EXPERIMENT) is None:
    mlflow.create_experiment(EXPERIMENT, artifact_location="dbfs:/mnt/ml/churn")
mlflow.set_experiment(EXPERIMENT)

# COMMAND ----------

pdf = spark.table(TABLE).toPandas()  # noqa: F821
y = pdf.pop("churned_60d").astype(int)
X = pd.get_dummies(pdf.drop(columns=["customer_id"]), columns=["plan", "region"], dtype=float)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=1)

# COMMAND ----------

ctx = dbutils.notebook.entry_point.getDbutils().notebook().getContext()  # noqa: F821

with mlflow.start_run(run_name="logreg") as run:
    mlflow.set_tag("ctx.user", ctx.userName().get())
    mlflow.set_tag("ctx.notebook", ctx.notebookPath().get())
    mlflow.set_tag("ctx.cluster", ctx.clusterId().get())
    mlflow.set_tag("ctx.job", ctx.jobId().getOrElse(None) or "interactive")
    mlflow.set_tag("data.table", TABLE)
    history = spark.sql("DESCRIBE HISTORY " + TABLE + " LIMIT 1")  # noqa: F821
    mlflow.set_tag("data.version", history.first()["version"])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))
    model.fit(X_train, y_train)
    p = model.predict_proba(X_test)[:, 1]
    mlflow.log_metric("val_auc", roc_auc_score(y_test, p))
    top = np.argsort(-p)[: len(p) // 20]
    mlflow.log_metric("lift_5", y_test.iloc[top].mean() / y_test.mean())
    mlflow.sklearn.log_model(model, "model")

# COMMAND ----------

client = MlflowClient()
history = client.get_metric_history(run.info.run_id, "val_auc")
print([(m.timestamp, m.value) for m in history])
