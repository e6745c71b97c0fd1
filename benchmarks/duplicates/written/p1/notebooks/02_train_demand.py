# Databricks notebook source
# MAGIC %md
# MAGIC # Train weekly demand
# MAGIC *owner: Jakub; please don't run on the shared cluster during the night load*

# COMMAND ----------

import getpass
import os
import subprocess

import lightgbm as lgb
import mlflow
import mlflow.lightgbm
import pandas as pd
from mlflow.tracking import MlflowClient

from shared.config import REGIONS, load_settings
from shared.delta_io import latest_snapshot_id, read_snapshot
from shared.utils import log_frame_stats, wape

# COMMAND ----------

dbutils.widgets.text("env", "dev")  # noqa: F821
dbutils.widgets.dropdown("force", "no", ["no", "yes"])  # noqa: F821
dbutils.widgets.text("horizon", "13w")  # noqa: F821

settings = load_settings(dbutils.widgets.get("env"))  # noqa: F821
FORCE = dbutils.widgets.get("force") == "yes"  # noqa: F821
HORIZON = dbutils.widgets.get("horizon")  # noqa: F821

# COMMAND ----------

client = MlflowClient()
experiment = client.get_experiment_by_name(settings.experiment_path)
if experiment is not None:
    if experiment.lifecycle_stage == "deleted":
        client.restore_experiment(experiment.experiment_id)
    exp_id = experiment.experiment_id
else:
    exp_id = client.create_experiment(settings.experiment_path)

# COMMAND ----------

PARAMS = {
    "objective": "tweedie",
    "learning_rate": 0.05,
    "num_leaves": 127,
    "min_data_in_leaf": 50,
    "verbosity": -1,
}
FEATURES = ["lag_1", "lag_2", "lag_4", "lag_13", "lag_52", "roll_4", "promo", "holiday"]


def split(pdf: pd.DataFrame, weeks: int):
    cut = sorted(pdf["week"].unique())[-weeks]
    return pdf[pdf["week"] < cut], pdf[pdf["week"] >= cut]


def already_trained(snapshot):
    """Have we trained on it? Gives the last successful run."""
    df = mlflow.search_runs(experiment_ids=[exp_id])
    if df.empty or "tags.feature_snapshot" not in df:
        return None
    df = df[(df["tags.feature_snapshot"] == snapshot) & (df["status"] == "FINISHED")]
    if df.empty:
        return None
    newest = df.sort_values("start_time", ascending=False).iloc[0]
    return client.get_run(newest["run_id"])


def train_region(region, pdf, snapshot):
    train, valid = split(pdf[pdf["region"] == region], int(HORIZON.rstrip("w")))
    with mlflow.start_run(experiment_id=exp_id, run_name=f"{region}-{snapshot}") as run:
        mlflow.set_tag("region", region)
        mlflow.set_tag("feature_snapshot", snapshot)
        mlflow.set_tag("horizon", HORIZON)

        try:
            sha = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        except Exception:
            sha = "unknown"
        ctx = dbutils.notebook.entry_point.getDbutils().notebook().getContext()  # noqa: F821
        mlflow.set_tags({
            "launched_by": getpass.getuser(),
            "job_id": ctx.tags().get("jobId").getOrElse(None) or "interactive",
            "cluster_id": os.getenv("DB_CLUSTER_ID") or "local",
            "git_sha": sha,
        })

        mlflow.log_params(PARAMS)
        log_frame_stats(train)
        booster = lgb.train(
            PARAMS,
            lgb.Dataset(train[FEATURES], train["units"]),
            num_boost_round=800,
            valid_sets=[lgb.Dataset(valid[FEATURES], valid["units"])],
            callbacks=[lgb.early_stopping(50)],
        )
        score = wape(valid["units"], booster.predict(valid[FEATURES]))
        mlflow.log_metric("val_wape", score)
        mlflow.lightgbm.log_model(booster, "model")
    return run.info.run_id, score

# COMMAND ----------

snapshot = latest_snapshot_id(spark, settings.catalog)  # noqa: F821
done = None if FORCE else already_trained(snapshot)
if done is not None:
    dbutils.notebook.exit(done.info.run_id)  # noqa: F821

# COMMAND ----------

pdf = read_snapshot(spark, settings.catalog, snapshot).toPandas()  # noqa: F821
results = [train_region(r, pdf, snapshot) for r in REGIONS]
display(pd.DataFrame(results, columns=["run_id", "val_wape"]))  # noqa: F821
