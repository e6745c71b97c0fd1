"""Run logic of the sweeps. Single source of truth; please don't search by hand elsewhere."""

from __future__ import annotations

from mlflow import MlflowClient
from mlflow.entities import Run

STUDY_HASH = "tabformer.study_hash"
TRIAL = "tabformer.trial"
SAMPLER = "tabformer.sampler"
JOB_ID = "tabformer.hydra_job"
OBJECTIVE = "tabformer.objective"
PARENT_ID = "mlflow.parentRunId"


def experiment_id(client: MlflowClient, name: str, artifact_root: str | None = None) -> str:
    existing = client.get_experiment_by_name(name)
    if existing:
        return existing.experiment_id
    return client.create_experiment(name, artifact_location=artifact_root)


def study_tags(study_hash: str, sampler: str, job: str, objective: str) -> dict[str, str]:
    tags = {}
    tags[STUDY_HASH] = study_hash
    tags[SAMPLER] = sampler
    tags[JOB_ID] = job
    tags[OBJECTIVE] = objective
    return tags


def create_trial_run(client: MlflowClient, parent: Run, number: int) -> str:
    """Create the run of one trial below its sweep; returns its id."""
    tags = {
        PARENT_ID: parent.info.run_id,
        TRIAL: str(number),
        STUDY_HASH: study_hash_of(parent),
    }
    run = client.create_run(parent.info.experiment_id, tags=tags, run_name=f"trial_{number}")
    return run.info.run_id


def study_hash_of(run: Run) -> str:
    try:
        return run.data.tags[STUDY_HASH]
    except KeyError:
        raise ValueError(f"run {run.info.run_id} belongs to no study") from None


def find_sweep(client: MlflowClient, exp_id: str, study_hash: str) -> Run | None:
    hits = client.search_runs(
        [exp_id],
        filter_string=f"tags.`{STUDY_HASH}` = '{study_hash}' and tags.`tabformer.role` = 'sweep'",
        max_results=1,
        order_by=["attributes.start_time DESC"],
    )
    return hits[0] if hits else None


def find_trial(client: MlflowClient, parent: Run, number: int) -> Run | None:
    hits = client.search_runs(
        [parent.info.experiment_id],
        filter_string=f"tags.`{PARENT_ID}` = '{parent.info.run_id}' and tags.`{TRIAL}` = '{number}'",
        max_results=1,
    )
    return hits[0] if hits else None


def trials_of(client: MlflowClient, parent: Run) -> list[Run]:
    out, token = [], None
    while True:
        page = client.search_runs(
            [parent.info.experiment_id],
            filter_string=f"tags.`{PARENT_ID}` = '{parent.info.run_id}'",
            page_token=token,
        )
        out += page
        if not page.token:
            return out
        token = page.token


def sweep_id(client: MlflowClient, exp_id: str, study_hash: str) -> str:
    sweep = find_sweep(client, exp_id, study_hash)
    if sweep is None:
        raise LookupError(study_hash)
    return sweep.info.run_id
