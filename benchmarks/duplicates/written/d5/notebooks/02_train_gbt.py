# Databricks notebook source
# MAGIC %md
# MAGIC # Boosted trees, tuned

# COMMAND ----------

# MAGIC %pip install lightgbm hyperopt

# COMMAND ----------

import sys

import lightgbm as lgb
import mlflow
from hyperopt import STATUS_OK, fmin, hp, tpe
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

sys.path.append("..")

from churnlib import prep
from churnlib.tracking import BASE, job_tags

# COMMAND ----------

dbutils.widgets.text("experiment", "weekly")  # noqa: F821
dbutils.widgets.text("evals", "30")  # noqa: F821


def use_experiment(path, location="dbfs:/mnt/ml/churn"):
    client = mlflow.tracking.MlflowClient()
    exp = client.get_experiment_by_name(path)
    experiment_id = exp.experiment_id if exp else client.create_experiment(path, artifact_location=location)
    mlflow.set_experiment(experiment_id=experiment_id)
    return experiment_id


experiment_id = use_experiment(f"{BASE}/{dbutils.widgets.get('experiment')}")  # noqa: F821

# COMMAND ----------

df = prep.pandas(spark)  # noqa: F821
X, y = df.drop(columns=["customer_id", prep.LABEL]), df[prep.LABEL].astype(int)
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.2, stratify=y, random_state=1)
version = prep.version(spark, prep.FEATURE_TABLE)  # noqa: F821

# COMMAND ----------

space = {
    "num_leaves": hp.choice("num_leaves", [15, 31, 63, 127]),
    "learning_rate": hp.loguniform("learning_rate", -4, -1.5),
    "min_child_samples": hp.choice("min_child_samples", [20, 50, 200]),
    "reg_lambda": hp.uniform("reg_lambda", 0, 10),
}


def objective(params):
    with mlflow.start_run(nested=True, tags={"level": "trial"}):
        mlflow.log_params(params)
        model = lgb.LGBMClassifier(n_estimators=400, **params).fit(X_train, y_train)
        auc = roc_auc_score(y_val, model.predict_proba(X_val)[:, 1])
        mlflow.log_metric("val_auc", auc)
        mlflow.lightgbm.log_model(model.booster_, "model")
    return {"loss": -auc, "status": STATUS_OK}


# COMMAND ----------

with mlflow.start_run(run_name="gbt", tags=job_tags(dbutils, prep.FEATURE_TABLE, version)) as sweep:  # noqa: F821
    fmin(objective, space, algo=tpe.suggest, max_evals=int(dbutils.widgets.get("evals")))  # noqa: F821

# COMMAND ----------

best = mlflow.search_runs(
    experiment_ids=[experiment_id],
    filter_string=f"tags.mlflow.parentRunId = '{sweep.info.run_id}' and attributes.status = 'FINISHED'",
    order_by=["metrics.val_auc DESC"],
    max_results=1,
).iloc[0]
print(best["run_id"], best["metrics.val_auc"])
dbutils.jobs.taskValues.set("best_run", best["run_id"])  # noqa: F821
