# Databricks notebook source
import datetime

import mlflow
import pandas as pd
from mlflow import MlflowClient

from churn_ml.config import TAG_JOB, TAG_MARKET, TAG_MONTH, current_user, market_config
from churn_ml.features import CATEGORICAL, NUMERIC
from churn_ml.tracking import run_of_version

# COMMAND ----------

dbutils.widgets.text("market", "de")
dbutils.widgets.text("owner", current_user())
dbutils.widgets.text("model_version", "")

MARKET = dbutils.widgets.get("market")
OWNER = dbutils.widgets.get("owner")
VERSION = dbutils.widgets.get("model_version")

client = MlflowClient()

# COMMAND ----------


def experiment_or_fail(name):
    exp = client.get_experiment_by_name(f"/Users/{OWNER}/churn/{name}")
    if exp is None:
        raise ValueError(f"{OWNER} has no experiment {name}")
    return exp.experiment_id


def pick_model_run():
    """best AUC of the market unless a version was asked for"""
    if VERSION:
        return run_of_version(f"churn_{MARKET}", VERSION)
    best, best_auc = None, -1.0
    token = None
    while True:
        page = client.search_runs([experiment_or_fail("train")], "", max_results=500, page_token=token)
        for r in page:
            if r.info.status != "FINISHED" or r.data.tags.get(TAG_MARKET) != MARKET:
                continue
            auc = r.data.metrics.get("val_auc")
            if auc is not None and auc > best_auc:
                best, best_auc = r, auc
        token = page.token
        if not token:
            break
    if best is None:
        raise LookupError("nothing trained yet for " + MARKET)
    return best


def find_prepared_table():
    conds = [
        "tags.`%s` = '%s'" % (TAG_JOB, "prepare_features"),
        "tags.`%s` = '%s'" % (TAG_MARKET, MARKET),
        "status = 'FINISHED'",
    ]
    hits = client.search_runs(
        experiment_ids=[experiment_or_fail("prepare")],
        filter_string=" AND ".join(conds),
        order_by=["start_time DESC"],
        max_results=1,
    )
    for hit in hits:
        return hit
    return None


# COMMAND ----------

model_run = pick_model_run()
prepared = find_prepared_table()
assert prepared is not None, "run 01_prepare_features first"

raw_month = prepared.data.tags.get(TAG_MONTH)
y, m = (int(part) for part in raw_month.split("-"))
score_month = datetime.date(y, m, 1)

model = mlflow.lightgbm.load_model(f"runs:/{model_run.info.run_id}/model")
pdf = spark.table(prepared.data.params["output_table"]).toPandas()
for c in CATEGORICAL:
    pdf[c] = pdf[c].astype("category")

# COMMAND ----------

mlflow.set_experiment(f"/Users/{OWNER}/churn/score")
with mlflow.start_run(run_name=f"score-{MARKET}-{raw_month}"):
    mlflow.set_tags(
        {
            TAG_JOB: "score_monthly",
            "churn.model_run": model_run.info.run_id,
            "churn.prepared_run": prepared.info.run_id,
        }
    )
    out = pd.DataFrame({"customer_id": pdf["customer_id"], "score": model.predict(pdf[NUMERIC + CATEGORICAL])})
    out["decile"] = pd.qcut(-out["score"], 10, labels=False, duplicates="drop") + 1
    out["score_month"] = score_month
    mlflow.log_metric("mean_score", out["score"].mean())
    mlflow.log_metric("n_customers", len(out))
    spark.createDataFrame(out).write.mode("append").saveAsTable(f"crm_{MARKET}.churn_scores")
