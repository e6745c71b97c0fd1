"""Trains the best configuration on all data."""

import json
import logging
import os
from pathlib import Path
from typing import Any, Dict, Optional

import mlflow
from mlflow.tracking import MlflowClient

from modelling.train import train_all
from utils.mlflow_utils import log_nested

logger = logging.getLogger(__name__)


def previous_run(client: MlflowClient, experiment_id: str, config: Dict[str, Any]) -> Optional[str]:
    """The id of the job's last run, to go on with its checkpoint."""
    job = config["job_name"].replace("'", "")
    runs = client.search_runs(
        experiment_ids=[experiment_id], filter_string="tags.`azureml.job_name` = '" + job + "'"
    )
    runs = sorted(runs, key=lambda r: -r.info.start_time)
    return runs[0].info.run_id if runs else None


def submit(config: Dict[str, Any], best: Path) -> str:
    exp = mlflow.set_experiment(config["experiment"])
    client = MlflowClient()
    before = previous_run(client, exp.experiment_id, config)
    params = json.loads(best.read_text())["params"]
    tags = dict(
        [
            ("azureml.job_name", config["job_name"]),
            ("azureml.workspace", os.environ.get("AZUREML_ARM_WORKSPACE_NAME") or "local"),
            ("azureml.stage", "final_training"),
        ]
    )
    if "AZUREML_COMPUTE" in os.environ:
        tags["azureml.cluster"] = os.environ["AZUREML_COMPUTE"]
    with mlflow.start_run(run_name=config["job_name"], tags=tags) as run:
        if before:
            mlflow.set_tag("azureml.continues", before)
        log_nested(config)
        metrics = train_all(config, warm_start=_local_checkpoint(before), **params)
        mlflow.log_metrics(metrics)
        mlflow.log_artifacts(config["out"], "checkpoint")
        return run.info.run_id


def _local_checkpoint(run_id: Optional[str]) -> Optional[str]:
    if run_id is None:
        return None
    try:
        return mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="checkpoint")
    except Exception as error:
        logger.warning("No checkpoint in %s: %s", run_id, error)
        return None
