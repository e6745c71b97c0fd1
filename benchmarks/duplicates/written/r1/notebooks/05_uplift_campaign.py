# Databricks notebook source
# MAGIC %md
# MAGIC ## Uplift of retention campaigns (Jirka)
# MAGIC T-learner on campaign vs control group. Reads the month's scoring run.

# COMMAND ----------

import mlflow
import numpy as np
from mlflow.tracking import MlflowClient
from sklearn.ensemble import GradientBoostingClassifier

from churn_ml.config import current_user

mlc = MlflowClient()

# COMMAND ----------

dbutils.widgets.text("market", "cz")
dbutils.widgets.text("campaign", "")
mkt = dbutils.widgets.get("market")
campaign = dbutils.widgets.get("campaign")


# COMMAND ----------
def prepare_experiment(short):
    p = "/Users/%s/churn/%s" % (current_user(), short)
    e = mlc.get_experiment_by_name(p)
    if e is None:
        eid = mlc.create_experiment(p)
    else:
        eid = e.experiment_id
        if e.lifecycle_stage != "active":
            mlc.restore_experiment(eid)
    mlflow.set_experiment(experiment_id=eid)
    return eid


def open_campaign_run(eid):
    """Continue the campaign's run if it is there (control group comes in late)."""
    old = mlc.search_runs([eid], f"tags.`churn.campaign` = '{campaign}'", order_by=["start_time DESC"], max_results=1)
    if old:
        return mlflow.start_run(run_id=old[0].info.run_id)
    return mlflow.start_run(run_name=campaign, tags={"churn.campaign": campaign, "churn.market": mkt})


class TLearner:
    def __init__(self, **kw):
        self.treated = GradientBoostingClassifier(**kw)
        self.control = GradientBoostingClassifier(**kw)

    def fit(self, X, t, y):
        self.treated.fit(X[t == 1], y[t == 1])
        self.control.fit(X[t == 0], y[t == 0])
        return self

    def uplift(self, X):
        return self.control.predict_proba(X)[:, 1] - self.treated.predict_proba(X)[:, 1]


def qini(y, t, score):
    order = np.argsort(-score)
    y, t = y[order], t[order]
    gain = np.cumsum(y * (1 - t)) * t.mean() / (1 - t).mean() - np.cumsum(y * t)
    return float(gain.mean() / len(y))


# COMMAND ----------

exp_id = prepare_experiment("uplift")
with open_campaign_run(exp_id):
    pdf = spark.table(f"crm_{mkt}.campaign_{campaign}").toPandas()
    X = pdf[[c for c in pdf if c.startswith("f_")]].values
    t, y = pdf["treated"].values, pdf["churned"].values
    learner = TLearner(n_estimators=150, max_depth=3).fit(X, t, y)
    mlflow.log_metric("qini", qini(y, t, learner.uplift(X)))
    mlflow.log_metric("treated_share", t.mean())


# COMMAND ----------
def best_campaign():
    df = mlflow.search_runs([exp_id], filter_string=f"tags.`churn.market` = '{mkt}'", order_by=["metrics.qini DESC"])
    if len(df) == 0:
        return None
    return df.iloc[0]["tags.churn.campaign"]


print(best_campaign())
