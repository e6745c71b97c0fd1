"""MLflow helpers: the weekly parent and the store runs below it."""
import logging

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

logger = logging.getLogger(__name__)


def get_experiment(customer):
    """id of '<customer>/weekly', created when it's the customer's first week"""
    name = f"{customer}/weekly"
    exp = mlflow.get_experiment_by_name(name)
    if exp is None:
        artifact = f"s3://fc-{customer}/mlflow"
        return mlflow.create_experiment(name, artifact_location=artifact)
    return exp.experiment_id


def week_parent(experiment_id, week):
    """Newest parent run of a week (there can be several after backfills)."""
    df = mlflow.search_runs(
        [experiment_id],
        filter_string=f"tags.level = 'week' and tags.week = '{week}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if df.empty:
        return None
    return df.loc[0, "run_id"]


def store_run(parent_id, experiment_id, store):
    """Run of one store below a parent."""
    df = mlflow.search_runs(
        [experiment_id],
        filter_string=f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{parent_id}' and tags.store = '{store}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return None if df.empty else df.loc[0, "run_id"]


def store_table(parent_id, experiment_id) -> pd.DataFrame:
    df = mlflow.search_runs([experiment_id], filter_string=f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{parent_id}'")
    if df.empty:
        return pd.DataFrame(columns=["store", "model", "wape"])
    out = df[["tags.store", "params.model", "metrics.wape"]]
    return out.set_axis(["store", "model", "wape"], axis=1).sort_values("store")


def start_store_run(parent_id, experiment_id, customer, store, week, model):
    client = MlflowClient()
    run = client.create_run(
        experiment_id,
        tags={
            MLFLOW_PARENT_RUN_ID: parent_id,
            "mlflow.runName": f"{store}-{week}",
            "level": "store",
            "customer": customer,
            "store": str(store),
            "week": week,
        },
    )
    client.log_param(run.info.run_id, "model", model)
    return run.info.run_id


def stores_of(run):
    """The comma list in tag 'stores', without blanks and in order."""
    return sorted({s.strip() for s in run.data.tags.get("stores", "").split(",")} - {""})
