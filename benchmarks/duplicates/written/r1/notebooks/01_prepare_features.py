# Databricks notebook source
# MAGIC %md
# MAGIC # Churn features, monthly snapshot

# COMMAND ----------

import datetime as dt

import mlflow
from mlflow.tracking import MlflowClient

from churn_ml.config import current_user, market_config
from churn_ml.features import add_trends, drop_unusable

# COMMAND ----------

dbutils.widgets.dropdown("market", "de", ["de", "at", "cz"])
dbutils.widgets.text("month", "")

market = dbutils.widgets.get("market")
month = dbutils.widgets.get("month") or dt.date.today().strftime("%Y-%m")
cfg = market_config(market)

# COMMAND ----------


def go_to_experiment(title):
    who = current_user()
    folder = "/Users/" + who + "/churn/" + title
    found = mlflow.get_experiment_by_name(folder)
    if found is not None and found.lifecycle_stage == "deleted":
        MlflowClient().restore_experiment(found.experiment_id)
    if not found:
        mlflow.create_experiment(folder)
    mlflow.set_experiment(experiment_name=folder)
    return mlflow.get_experiment_by_name(folder).experiment_id


# COMMAND ----------


def load_snapshot(spark, cfg, month):
    sql = f"select * from {cfg.feature_table} where snapshot_month = '{month}'"
    pdf = spark.sql(sql).toPandas()
    if pdf.empty:
        raise RuntimeError(f"no rows in {cfg.feature_table} for {month}")
    return pdf


def write_snapshot(spark, pdf, market, month):
    target = f"churn_lab.features_{market}_{month.replace('-', '_')}"
    spark.createDataFrame(pdf).write.mode("overwrite").saveAsTable(target)
    return target


# COMMAND ----------

go_to_experiment("prepare")

with mlflow.start_run(run_name=f"prepare-{market}-{month}"):
    mlflow.set_tag("churn.job", "prepare_features")
    mlflow.set_tag("churn.snapshot_month", month)
    mlflow.set_tag("churn.market", market)
    mlflow.set_tag("churn.source_table", cfg.feature_table)

    raw = load_snapshot(spark, cfg, month)
    usable, dropped = drop_unusable(raw, cfg)
    features = add_trends(usable)
    table = write_snapshot(spark, features, market, month)

    mlflow.log_metrics({"rows": len(features), "dropped": dropped})
    mlflow.log_param("output_table", table)

# COMMAND ----------

dbutils.notebook.exit(table)
