# Databricks notebook source
# MAGIC %md
# MAGIC # Probability of default
# MAGIC Trains the monthly scorecard of one segment.

# COMMAND ----------

# MAGIC %run ./_setup

# COMMAND ----------

import mlflow
import numpy as np
from sklearn.linear_model import LogisticRegression

from scorelib.metrics import gini, hosmer_lemeshow, ks
from scorelib.woe import fit_binning, information_value

dbutils.widgets.text("segment", "retail")
dbutils.widgets.text("month", "202404")
dbutils.widgets.text("validation_id", "")
segment = dbutils.widgets.get("segment")
month = dbutils.widgets.get("month")

# COMMAND ----------

client = mlflow.tracking.MlflowClient()
experiment_name = "/Shared/scoring/" + segment
experiment = client.get_experiment_by_name(experiment_name)
if experiment:
    experiment_id = experiment.experiment_id
else:
    experiment_id = client.create_experiment(experiment_name, tags={"segment": segment})

# COMMAND ----------

data = spark.table(f"risk.pd_{segment}").filter(f"month <= {month}").toPandas()
oot = data["month"] == int(month)
variables = [c for c in data.columns if c.startswith("x_")]
binnings = {v: fit_binning(data.loc[~oot, v], data.loc[~oot, "default_12m"]) for v in variables}
strong = [v for v in variables if information_value(binnings[v], data.loc[~oot, v], data.loc[~oot, "default_12m"]) > 0.02]
X = np.column_stack([binnings[v].transform(data[v]) for v in strong])
y = data["default_12m"].to_numpy()
model = LogisticRegression(C=10.0).fit(X[~oot], y[~oot])
p = model.predict_proba(X)[:, 1]

# COMMAND ----------

with mlflow.start_run(experiment_id=experiment_id, run_name=f"pd-{segment}-{month}") as run:
    gov = {"gov.model_owner": "risk-models", "gov.validation_id": dbutils.widgets.get("validation_id")}
    gov["gov.tier"] = "2" if segment == "sme" else "1"
    gov["gov.basel_segment"] = segment.upper()
    gov["gov.data_cutoff"] = month
    mlflow.set_tags(gov)
    mlflow.log_params({"variables": ",".join(strong), "C": 10.0})
    mlflow.log_metric("gini_oot", gini(y[oot], p[oot]))
    mlflow.log_metric("ks_oot", ks(y[oot], p[oot]))
    mlflow.log_metric("hl_oot", hosmer_lemeshow(y[oot], p[oot]))
    mlflow.sklearn.log_model(model, name="model")

dbutils.jobs.taskValues.set("run_id", run.info.run_id)
