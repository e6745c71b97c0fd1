# Databricks notebook source
import mlflow
from pyspark.sql import functions as F

# COMMAND ----------

dbutils.widgets.text("experiment", "/Shared/churn/weekly")  # noqa: F821
dbutils.widgets.text("run_name", "gbt")  # noqa: F821


def get_run(experiment, name):
    exp = mlflow.get_experiment_by_name(experiment)
    if exp is None:
        return None
    flt = "attributes.status = 'FINISHED' AND attributes.run_name = \"" + name + '"'
    runs = mlflow.search_runs([exp.experiment_id], flt, output_format="list")
    runs.sort(key=lambda r: r.info.start_time)
    return runs[-1] if runs else None


# COMMAND ----------

run = get_run(dbutils.widgets.get("experiment"), dbutils.widgets.get("run_name"))  # noqa: F821
assert run is not None
trained_on = run.data.tags.get("data.version")
current = spark.sql("DESCRIBE HISTORY telco.churn.features LIMIT 1").first()["version"]  # noqa: F821
if int(trained_on) < current - 4:
    print("model is old:", trained_on, "<", current)

# COMMAND ----------

udf = mlflow.pyfunc.spark_udf(spark, "models:/telco.churn.model@champion", result_type="double")  # noqa: F821
features = spark.table("telco.churn.features").drop("churned_60d")  # noqa: F821
columns = [c for c in features.columns if c != "customer_id"]
scores = features.withColumn("p", udf(F.struct(*columns))).withColumn("scored_at", F.current_timestamp())
scores.select("customer_id", "p", "scored_at").write.mode("append").saveAsTable("telco.churn.scores")
