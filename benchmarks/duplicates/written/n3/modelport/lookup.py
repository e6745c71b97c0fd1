"""Find the run behind what the user names."""

from __future__ import annotations

import re

import mlflow
from mlflow.entities import Run
from mlflow.exceptions import MlflowException, RestException
from mlflow.tracking import MlflowClient

from modelport.errors import RunNotFound

RUN_ID = re.compile(r"^[0-9a-f]{32}$")


def run_of_version(name: str, version: str | int) -> Run:
    """The run that made a version of a model."""
    client = MlflowClient()
    return client.get_run(client.get_model_version(name, str(version)).run_id)


def run_of_alias(name: str, alias: str) -> Run:
    """The run behind an alias; an old stage name works too."""
    client = MlflowClient()
    try:
        version = client.get_model_version_by_alias(name, alias)
    except MlflowException:
        versions = client.get_latest_versions(name, stages=[alias])
        if not versions:
            raise RunNotFound(f"{name} has no alias or stage {alias}") from None
        version = versions[0]
    return client.get_run(version.run_id)


def run_of(reference: str, experiment: str | None = None) -> Run:
    """A run by its name, else by its id."""
    client = MlflowClient()
    if experiment:
        exp = client.get_experiment_by_name(experiment)
        if exp is not None:
            named = client.search_runs(
                [exp.experiment_id],
                f"attributes.run_name = '{reference}'",
                order_by=["attributes.start_time DESC"],
                max_results=1,
            )
            if named:
                return named[0]
    try:
        return client.get_run(reference)
    except RestException as error:
        raise RunNotFound(reference) from error


def last_good(name: str, experiment_id: str) -> Run:
    """The newest run of a model that passed its checks."""
    runs = MlflowClient().search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.`port.model` = '{name}' and tags.`port.checks` = 'passed'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise RunNotFound(f"no good run of {name}")
    return runs[0]


def is_run_id(text: str) -> bool:
    return RUN_ID.match(text) is not None


def artifact(run: Run, path: str, folder: str) -> str:
    return mlflow.artifacts.download_artifacts(
        run_id=run.info.run_id, artifact_path=path, dst_path=folder
    )
