# Databricks notebook source
# MAGIC %md
# MAGIC Thresholds for the campaign. Needs the newest `gbt` run.

# COMMAND ----------

import mlflow
import numpy as np
import pandas as pd
from mlflow.tracking import MlflowClient

client = MlflowClient()
dbutils.widgets.text("experiment_id", "")  # noqa: F821
EID = dbutils.widgets.get("experiment_id")  # noqa: F821

# COMMAND ----------

# name is a tag on the old runtime, run_name in filters only works from DBR 12
candidates = client.search_runs([EID], "tags.mlflow.runName = 'gbt'", max_results=50)
candidates = [r for r in candidates if r.info.status == "FINISHED"]
sweep = max(candidates, key=lambda r: r.info.start_time)

# COMMAND ----------

best_auc, best_trial = -1.0, None
for trial in client.search_runs([EID], "tags.mlflow.parentRunId = '%s'" % sweep.info.run_id):
    auc = trial.data.metrics.get("val_auc", -1.0)
    if trial.info.status == "FINISHED" and auc > best_auc:
        best_auc, best_trial = auc, trial
print(best_auc)

# COMMAND ----------

model = mlflow.pyfunc.load_model(f"runs:/{best_trial.info.run_id}/model")
sample = spark.table("telco.churn.features").sample(0.1, seed=2).toPandas()  # noqa: F821
for col in ("plan", "region"):
    sample[col] = sample[col].astype("category")
p = model.predict(sample.drop(columns=["customer_id", "churned_60d"]))

# COMMAND ----------

value, cost = 120.0, 8.0
rows = []
for t in np.linspace(0.05, 0.95, 19):
    hit = p >= t
    saved = (sample["churned_60d"][hit].sum()) * 0.3 * value
    rows.append((t, hit.mean(), saved - hit.sum() * cost))
curve = pd.DataFrame(rows, columns=["threshold", "share", "profit"])
display(curve)  # noqa: F821

# COMMAND ----------

t = curve.loc[curve["profit"].idxmax(), "threshold"]
client.set_tag(best_trial.info.run_id, "campaign.threshold", round(float(t), 3))
client.set_tag(best_trial.info.run_id, "campaign.value", value)
client.set_tag(best_trial.info.run_id, "campaign.cost", cost)
