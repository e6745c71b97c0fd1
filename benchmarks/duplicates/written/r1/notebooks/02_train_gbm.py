# Databricks notebook source
# MAGIC %md
# MAGIC Gradient boosting per market. Needs 01_prepare_features to be done.

# COMMAND ----------

import datetime as dt
import json

import lightgbm as lgb
import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split

from churn_ml.config import market_config
from churn_ml.features import CATEGORICAL, NUMERIC, lift_at
from churn_ml.tracking import use_experiment

# COMMAND ----------

dbutils.widgets.text("market", "de")
dbutils.widgets.text("params", "{}")
market = dbutils.widgets.get("market")
cfg = market_config(market)
overrides = json.loads(dbutils.widgets.get("params"))

# COMMAND ----------


def latest_prepared(exp_id):
    """last good run of the prepare job"""
    df = mlflow.search_runs(experiment_ids=[exp_id], filter_string="tags.`churn.job` = 'prepare_features'")
    df = df[(df["status"] == "FINISHED") & (df["tags.churn.market"] == market)]
    if df.empty:
        return None
    return df.sort_values("start_time", ascending=False).iloc[0]


def month_of(run_row):
    text = run_row["tags.churn.snapshot_month"]
    year, mon = text.split("-")
    return dt.date(int(year), int(mon), 1)


# COMMAND ----------

prep_exp = use_experiment("prepare")
prepared = latest_prepared(prep_exp.experiment_id)
if prepared is None:
    raise RuntimeError(f"prepare_features has no finished run for {market}")
snapshot = month_of(prepared)
pdf = spark.table(prepared["params.output_table"]).toPandas()

# COMMAND ----------

params = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 63,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.8,
}
params.update(overrides)

for col in CATEGORICAL:
    pdf[col] = pdf[col].astype("category")
X, y = pdf[NUMERIC + CATEGORICAL], pdf["churned_next_60d"]
X_tr, X_va, y_tr, y_va = train_test_split(X, y, test_size=0.25, stratify=y, random_state=7)

# COMMAND ----------


def train_and_log(params, rounds=800):
    train = lgb.Dataset(X_tr, y_tr)
    valid = lgb.Dataset(X_va, y_va, reference=train)
    run_tags = {
        "churn.job": "train_gbm",
        "churn.snapshot_month": snapshot.strftime("%Y-%m"),
        "churn.market": market,
    }
    run_tags["churn.source_table"] = prepared["params.output_table"]
    with mlflow.start_run(run_name=f"gbm-{market}", tags=run_tags) as run:
        mlflow.log_params(params)
        booster = lgb.train(params, train, rounds, valid_sets=[valid], callbacks=[lgb.early_stopping(40)])
        p = booster.predict(X_va)
        mlflow.log_metric("val_auc", roc_auc_score(y_va, p))
        mlflow.log_metric("val_logloss", log_loss(y_va, p))
        mlflow.log_metric("lift10", lift_at(y_va, p))
        mlflow.lightgbm.log_model(booster, "model")
    return run.info.run_id


# COMMAND ----------

use_experiment("train")
run_id = train_and_log(params)


def show_recent(n=15):
    runs = mlflow.search_runs(max_results=n, order_by=["start_time DESC"])
    keep = [c for c in ("run_id", "metrics.val_auc", "metrics.lift10", "tags.churn.market") if c in runs]
    return runs[keep]


display(show_recent())

# COMMAND ----------

importance = pd.Series(
    mlflow.lightgbm.load_model(f"runs:/{run_id}/model").feature_importance("gain"),
    index=NUMERIC + CATEGORICAL,
).sort_values(ascending=False)
display(importance.to_frame("gain"))
