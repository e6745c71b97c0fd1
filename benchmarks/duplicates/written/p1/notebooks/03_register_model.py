# Databricks notebook source
# Registers the best run per region. Written before shared.utils had best_run_for_region.

# COMMAND ----------

import mlflow

from shared.config import MODEL_NAME, load_settings
from shared.registry import Registry

# COMMAND ----------

settings = load_settings()
registry = Registry(MODEL_NAME)
exp = mlflow.get_experiment_by_name(settings.experiment_path)
if exp is None:
    raise ValueError(f"{settings.experiment_path} does not exist - run 02_train_demand first")

# COMMAND ----------


def pick(region):
    runs = mlflow.search_runs(
        [exp.experiment_id],
        filter_string=" and ".join([
            "status = 'FINISHED'",
            f"tags.region = '{region}'",
        ]),
    )
    if len(runs) == 0 or "metrics.val_wape" not in runs.columns:
        return None
    runs = runs.dropna(subset=["metrics.val_wape"]).sort_values("metrics.val_wape")
    if len(runs) == 0:
        return None
    return mlflow.get_run(runs.iloc[0].run_id)


def newest_of_region(region):
    """For the dashboard only: the newest, not the best."""
    runs = mlflow.search_runs(
        [exp.experiment_id],
        filter_string=f"tags.region = '{region}' and status = 'FINISHED'",
        order_by=["start_time DESC"],
        max_results=1,
    )
    return runs.iloc[0].run_id if len(runs) else None

# COMMAND ----------

for region in settings.regions:
    run = pick(region)
    if run is None:
        print(f"{region}: nothing to register")
        continue
    if run.data.metrics["val_wape"] > 0.45:
        print(f"{region}: wape too high, skipped")
        continue
    version = registry.register(run)
    registry.tag_version(
        version.version,
        region=region,
        val_wape=run.data.metrics["val_wape"],
        newest=newest_of_region(region) == run.info.run_id,
    )
