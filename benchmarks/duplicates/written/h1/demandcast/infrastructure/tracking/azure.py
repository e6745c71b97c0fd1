"""Glue for the jobs that Azure ML starts. There the parent run is made by the service."""
from __future__ import annotations

import os

import mlflow


def in_azure() -> bool:
    return "AZUREML_RUN_ID" in os.environ


def attach() -> str:
    """Go on with the run that the service made for this job."""
    run = mlflow.start_run(run_id=os.environ["AZUREML_RUN_ID"])
    return run.info.run_id


def mark_job(job_name: str, compute: str, node_count: int) -> None:
    """Say on the run which job of the service it is."""
    mlflow.set_tags(
        {
            "azureml.job": job_name,
            "azureml.compute": compute,
            "azureml.nodes": str(node_count),
        }
    )
