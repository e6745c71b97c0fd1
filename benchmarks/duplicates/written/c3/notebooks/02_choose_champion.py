# Databricks notebook source
# MAGIC %run ./_setup

# COMMAND ----------

import mlflow

dbutils.widgets.text("segment", "retail")
segment = dbutils.widgets.get("segment")

# COMMAND ----------

best = mlflow.search_runs(
    experiment_names=[f"/Shared/scoring/{segment}"],
    filter_string="attributes.status = 'FINISHED'",
    order_by=["metrics.gini_oot DESC"],
    max_results=1,
)
if best.empty:
    dbutils.notebook.exit("nothing trained")
best_id = best.loc[0, "run_id"]

# COMMAND ----------

client = mlflow.MlflowClient()
champions = client.search_runs(
    [client.get_experiment_by_name(f"/Shared/scoring/{segment}").experiment_id],
    "tags.lifecycle = 'champion'",
)
champions = sorted(champions, key=lambda r: r.info.start_time)
current = champions[-1] if champions else None

# COMMAND ----------

if current is None or best.loc[0, "metrics.gini_oot"] > current.data.metrics["gini_oot"] + 0.005:
    if current is not None:
        client.set_tag(current.info.run_id, "lifecycle", "retired")
    client.set_tag(best_id, "lifecycle", "champion")
    displayHTML(f"<b>new champion {best_id}</b>")
