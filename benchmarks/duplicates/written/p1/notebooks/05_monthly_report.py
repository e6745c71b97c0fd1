# Databricks notebook source
# Monthly report for the category managers.

# COMMAND ----------

import datetime as dt

import matplotlib.pyplot as plt
import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from shared.config import load_settings
from shared.utils import best_run_for_region

settings = load_settings("prd")
month_ago = dt.datetime.utcnow() - dt.timedelta(days=31)

# COMMAND ----------


def runs_of_month(exp_name):
    exp = MlflowClient().get_experiment_by_name(exp_name)
    if exp is None:
        return pd.DataFrame()
    since = int(month_ago.timestamp() * 1000)
    return mlflow.search_runs(
        [exp.experiment_id],
        filter_string=f"attributes.start_time >= {since}",
        order_by=["attributes.start_time ASC"],
        max_results=5000,
    )


def horizon_of(row):
    value = row.get("tags.horizon")
    if value is None or pd.isna(value) or value == "":
        return 13
    value = value.lower().strip()
    if value[-1] == "w":
        value = value[:-1]
    return int(value)


def latest_failed(exp_id):
    """What broke last?"""
    hits = MlflowClient().search_runs(
        [exp_id], "attributes.status = 'FAILED'", order_by=["attributes.start_time DESC"], max_results=1
    )
    return hits[0] if hits else None


def best_table(exp_id, regions):
    rows = []
    for region in regions:
        run = best_run_for_region(exp_id, region)
        if run is not None:
            rows.append({"region": region, "run": run.info.run_name, "wape": run.data.metrics["val_wape"]})
    return pd.DataFrame(rows)

# COMMAND ----------

month = runs_of_month(settings.experiment_path)
month["horizon"] = [horizon_of(r) for _, r in month.iterrows()]
fig, ax = plt.subplots(figsize=(9, 4))
for region, part in month.groupby("tags.region"):
    ax.plot(part["start_time"], part["metrics.val_wape"], marker="o", label=region)
ax.set_ylabel("WAPE")
ax.legend()
display(fig)  # noqa: F821

# COMMAND ----------

exp_id = mlflow.get_experiment_by_name(settings.experiment_path).experiment_id
display(best_table(exp_id, settings.regions))  # noqa: F821
bad = latest_failed(exp_id)
if bad:
    print("last failure:", bad.info.run_name, bad.data.tags.get("region", "?"))
