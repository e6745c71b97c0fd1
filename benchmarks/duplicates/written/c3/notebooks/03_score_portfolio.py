# Databricks notebook source
# MAGIC %run ./_setup

# COMMAND ----------

import mlflow
import pyspark.sql.functions as F
from mlflow.tracking import MlflowClient

dbutils.widgets.text("segment", "retail")
segment = dbutils.widgets.get("segment")


# COMMAND ----------

def champion_id(seg):
    df = mlflow.search_runs(experiment_names=[f"/Shared/scoring/{seg}"])
    df = df[df["tags.lifecycle"].eq("champion")]
    if len(df) == 0:
        raise Exception(f"no champion for {seg}")
    return df.sort_values(by="start_time", ascending=False)["run_id"].values[0]


# COMMAND ----------

run_id = champion_id(segment)
run = MlflowClient().get_run(run_id)
try:
    validation = run.data.tags["gov.validation_id"]
    assert validation != ""
except (KeyError, AssertionError):
    raise ValueError("run " + run_id + " was never validated")

# COMMAND ----------

predict = mlflow.pyfunc.spark_udf(spark, f"runs:/{run_id}/model")
scored = (
    spark.table(f"risk.portfolio_{segment}")
    .withColumn("pd", predict(F.struct(*[F.col(c) for c in run.data.params["variables"].split(",")])))
    .withColumn("run_id", F.lit(run_id))
    .withColumn("validation_id", F.lit(validation))
)
scored.write.mode("overwrite").saveAsTable(f"risk.scores_{segment}")
