# Databricks notebook source
# MAGIC %md
# MAGIC Repeats last month's model on this month's data, beside the real one.

# COMMAND ----------

# MAGIC %run ./_setup

# COMMAND ----------

import mlflow

from scorelib.metrics import gini, psi

dbutils.widgets.text("segment", "retail")
dbutils.widgets.text("last_month", "202403")
segment = dbutils.widgets.get("segment")
last_month = dbutils.widgets.get("last_month")
mc = mlflow.MlflowClient()

# COMMAND ----------

try:
    exp_id = mlflow.create_experiment(f"/Shared/scoring/{segment}")
except mlflow.exceptions.RestException:
    exp_id = mlflow.get_experiment_by_name(f"/Shared/scoring/{segment}").experiment_id

# COMMAND ----------

wanted = f"pd-{segment}-{last_month}"
named = mlflow.search_runs([exp_id], f"tags.mlflow.runName = '{wanted}'", order_by=["start_time DESC"])
if named.empty:
    raise LookupError(wanted)
source = mc.get_run(named.iloc[0].run_id)

# COMMAND ----------

shadow = mc.create_run(exp_id, run_name=f"shadow-{wanted}")
mc.set_tag(shadow.info.run_id, "lifecycle", "shadow")
mc.set_tag(shadow.info.run_id, "shadow_of", source.info.run_id)
for name in source.data.params:
    mc.log_param(shadow.info.run_id, name, source.data.params[name])

# COMMAND ----------

model = mlflow.sklearn.load_model(f"runs:/{source.info.run_id}/model")
now = spark.table(f"risk.pd_{segment}_woe").toPandas()
then = spark.table(f"risk.pd_{segment}_woe_{last_month}").toPandas()
columns = source.data.params["variables"].split(",")
mc.log_metric(shadow.info.run_id, "psi", psi(model.predict_proba(then[columns])[:, 1], model.predict_proba(now[columns])[:, 1]))
mc.log_metric(shadow.info.run_id, "gini", gini(now["default_12m"], model.predict_proba(now[columns])[:, 1]))
mc.set_terminated(shadow.info.run_id)
