# Databricks notebook source
# MAGIC %run ./_setup

# COMMAND ----------

import mlflow
from mlflow import MlflowClient

from scorelib.settings import CHAMPION, LIFECYCLE, ROOT, Segment


def top_by_gini(client, segment):
    exp = client.get_experiment_by_name(f"{ROOT}/{segment.value}")
    finished = client.search_runs([exp.experiment_id], "attributes.status = 'FINISHED'", max_results=500)
    return max(finished, key=lambda r: r.data.metrics.get("gini_oot", float("-inf")))


def in_production(client, segment):
    exp = client.get_experiment_by_name(f"{ROOT}/{segment.value}")
    where = f"tags.{LIFECYCLE} = '{CHAMPION}'"
    page = client.search_runs([exp.experiment_id], where, order_by=["attributes.start_time DESC"])
    for run in page:
        return run
    return None


# COMMAND ----------

client = MlflowClient()
for segment in Segment:
    champion = in_production(client, segment)
    challenger = top_by_gini(client, segment)
    if champion is None or champion.info.run_id == challenger.info.run_id:
        continue
    validated = challenger.data.tags.get("gov.validation_id", "").strip()
    if not validated:
        raise ValueError(f"{challenger.info.run_id}: validation id is missing")
    marks = {"lifecycle": "shadow", "shadow_of": champion.info.run_id}
    with mlflow.start_run(
        experiment_id=champion.info.experiment_id, run_name=f"challenge-{segment.value}", tags=marks
    ):
        mlflow.log_params(champion.data.params)
        mlflow.log_metric("gini_gap", challenger.data.metrics["gini_oot"] - champion.data.metrics["gini_oot"])
        mlflow.log_param("validation_of_challenger", validated)
