"""Prints where the jobs are."""

import sys

from mlflow.tracking import MlflowClient

from utils.azure_tags import tag_filter
from utils.mlflow_utils import latest_job_run


def print_stage(experiment_id: str, stage: str) -> None:
    client = MlflowClient()
    for run in client.search_runs([experiment_id], tag_filter(stage=stage), max_results=200):
        print(run.info.run_id, run.info.status, run.info.run_name)


def print_job(experiment_id: str, job: str) -> None:
    run = latest_job_run(experiment_id, job)
    if run is None:
        print("no run of", job)
        return
    print(run.info.run_id, run.info.status)
    for key, value in sorted(run.data.metrics.items()):
        print(f"  {key:24} {value:.4f}")


def job_of(run_id: str) -> str:
    return MlflowClient().get_run(run_id).data.tags.get("azureml.job_name", "?")


if __name__ == "__main__":
    experiment, what, name = sys.argv[1:4]
    if what == "stage":
        print_stage(experiment, name)
    elif what == "job":
        print_job(experiment, name)
    else:
        print(job_of(name))
