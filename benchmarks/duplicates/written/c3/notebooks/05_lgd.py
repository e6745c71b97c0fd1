# Databricks notebook source
# MAGIC %run ./_setup

# COMMAND ----------

from datetime import date

import mlflow
from sklearn.ensemble import HistGradientBoostingRegressor

from scorelib import mlruns
from scorelib.settings import GovTag, Segment

SEGMENT = Segment.MORTGAGE
MONTH = date.today().strftime("%Y%m")

# COMMAND ----------

def pd_model_run(month):
    c = mlflow.MlflowClient()
    exp = mlruns.experiment_id_of(SEGMENT)
    same = (r for r in c.search_runs([exp], order_by=["attributes.start_time DESC"]) if r.info.run_name == f"pd-{SEGMENT.value}-{month}")
    hit = next(same, None)
    if hit is None:
        raise LookupError(month)
    return hit


# COMMAND ----------

pd_run = pd_model_run(MONTH)
frame = spark.table("risk.lgd_mortgage").toPandas()
features = [c for c in frame.columns if c.startswith("x_")]
reg = HistGradientBoostingRegressor(max_depth=4).fit(frame[features], frame["lgd"])

# COMMAND ----------

tags = {
    GovTag.CUTOFF: MONTH,
    GovTag.OWNER: "risk-models",
    GovTag.BASEL: SEGMENT.value.upper(),
    GovTag.TIER: "1",
}
tags = {k.value: v for k, v in tags.items()}
tags[GovTag.VALIDATION.value] = pd_run.data.tags.get("gov.validation_id", "")
with mlflow.start_run(experiment_id=pd_run.info.experiment_id, run_name=f"lgd-{SEGMENT.value}-{MONTH}", tags=tags):
    mlflow.log_param("pd_run", pd_run.info.run_id)
    mlflow.log_metric("r2", reg.score(frame[features], frame["lgd"]))
