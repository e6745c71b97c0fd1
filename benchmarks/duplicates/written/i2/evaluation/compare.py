"""Compares the candidates of two sweeps on the held out set."""

import logging
import os
from typing import Any, Dict, List, Optional

import mlflow
import pandas as pd
from mlflow import MlflowClient

logger = logging.getLogger(__name__)


def evaluation_experiment(name: str) -> str:
    try:
        found = mlflow.get_experiment_by_name(name)
        return found.experiment_id
    except AttributeError:
        logger.info("%s is not there, making it", name)
    return mlflow.create_experiment(name)


def champion(experiment_id: str, parent: str) -> Dict[str, Any]:
    """The row of the best finished trial below `parent`."""
    df = mlflow.search_runs([experiment_id], f"tags.`mlflow.parentRunId` = '{parent}'")
    df = df[df["status"] == "FINISHED"]
    if df.empty:
        raise ValueError(f"{parent} has no finished trial")
    row = df.sort_values("metrics.f1", ascending=False).iloc[0]
    return row.to_dict()


def fastest(experiment_id: str, parent: str) -> Optional[str]:
    df = mlflow.search_runs([experiment_id], f"tags.`mlflow.parentRunId` = '{parent}'", order_by=["metrics.latency_ms ASC"])
    return None if df.empty else df.loc[0, "run_id"]


def find_checkpoint_run(experiment_id: str, key: str, run_name: str = "") -> Optional[str]:
    client = MlflowClient()
    newest = ["start_time DESC"]
    attempts = [f"tags.`azureml.checkpoint_key` = '{key}'"]
    if run_name:
        attempts.append(f"tags.mlflow.runName = '{run_name}'")
    attempts.append("status = 'FINISHED'")
    for attempt in attempts:
        try:
            runs = client.search_runs([experiment_id], attempt, order_by=newest)
        except Exception as error:
            logger.debug("%s: %s", attempt, error)
            continue
        if runs:
            return runs[0].info.run_id
    return None


def label(run_id: str) -> str:
    run = MlflowClient().get_run(run_id)
    sha = run.data.tags.get("azureml.git.commit")
    if not sha:
        sha = run.data.tags.get("mlflow.source.git.commit", "unknown")
    version = run.data.tags.get("azureml.data_version", run.data.tags.get("data_version", "0"))
    return sha[:7] + "-d" + version


def compare(experiment: str, sweeps: List[str], hpo_experiment_id: str) -> pd.DataFrame:
    experiment_id = evaluation_experiment(experiment)
    rows = []
    for parent in sweeps:
        row = champion(hpo_experiment_id, parent)
        rows.append({"sweep": parent, "run": row["run_id"], "label": label(row["run_id"]), "f1": row["metrics.f1"]})
    table = pd.DataFrame(rows).sort_values("f1", ascending=False)
    with mlflow.start_run(experiment_id=experiment_id, run_name="compare"):
        mlflow.log_table(table, "comparison.json")
        mlflow.set_tag("azureml.workspace", os.getenv("AZUREML_ARM_WORKSPACE_NAME", "local"))
    return table


def last_run_of(experiment_id: str, job: str) -> Optional[str]:
    frame = mlflow.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`azureml.job_name` = '{job}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if len(frame) > 0:
        return str(frame["run_id"].iloc[0])
    return None
