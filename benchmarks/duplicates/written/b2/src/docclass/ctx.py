"""Context of a step: where it logs and what it is tagged with."""

import os
from typing import Optional

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

PIPELINE_TAG = "azureml.pipeline_run"
ASSET_TAG = "docclass.data_asset"
STAGE_TAG = "docclass.stage"
MODEL_TAG = "docclass.model"
VERSION_TAG = "docclass.code_version"


def get_experiment_id(name: str) -> str:
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        return mlflow.create_experiment(name)
    return experiment.experiment_id


def lineage_tags(model: str, asset: str, stage: str) -> dict:
    """Tags of every run that we write."""
    return {
        MODEL_TAG: model,
        ASSET_TAG: asset,
        STAGE_TAG: stage,
        VERSION_TAG: os.environ.get("BUILD_SOURCEVERSION", "local"),
    }


def data_asset_of(run: Run) -> tuple:
    """Name and version of the data asset of a run."""
    raw = run.data.tags.get(ASSET_TAG, "")
    if ":" not in raw:
        raise ValueError(f"{run.info.run_id} has no data asset")
    name, _, version = raw.rpartition(":")
    return name, version


def run_of_pipeline(experiment_id: str, pipeline_run: str, client: Optional[MlflowClient] = None) -> str:
    client = client or MlflowClient()
    runs = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`{PIPELINE_TAG}` = '{pipeline_run}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise LookupError(f"pipeline {pipeline_run} has no run")
    return runs[0].info.run_id


def create_benchmark_run(experiment: str, model: str) -> str:
    client = MlflowClient()
    run = client.create_run(
        get_experiment_id(experiment),
        tags={STAGE_TAG: "benchmark", MODEL_TAG: model},
        run_name=f"bench-{model}",
    )
    return run.info.run_id


def step_run(name: str):
    """Run of this step, a child of the pipeline's run when there is one."""
    parent = os.environ.get("AZUREML_ROOT_RUN_ID")
    if parent:
        return mlflow.start_run(run_name=name, parent_run_id=parent, tags={"docclass.step": name})
    return mlflow.start_run(run_name=name, tags={"docclass.step": name})


def parent_of_active():
    active = mlflow.active_run()
    return active.data.tags.get("mlflow.parentRunId") if active else None


def latest_or_fail(experiment: str) -> Run:
    run = most_recent(experiment)
    if run is None:
        raise LookupError(experiment)
    return run


def most_recent(experiment: str) -> Optional[Run]:
    client = MlflowClient()
    found = client.search_runs(
        [get_experiment_id(experiment)],
        filter_string="attributes.status = 'FINISHED'",
        order_by=["attributes.end_time DESC"],
        max_results=1,
    )
    return found[0] if len(found) else None
