"""Entry point for the Databricks workflow (tasks pass values by task values)."""
from __future__ import annotations

import argparse
import os

import mlflow
from mlflow.exceptions import MlflowException

from demandcast.settings import load
from demandcast.training.train import train


def prepare(region: str) -> str:
    """First task: see to it that the experiment is there."""
    settings = load()
    path = settings.experiment_name(region)
    try:
        experiment_id = mlflow.create_experiment(path, settings.artifact_location(region))
    except MlflowException:
        experiment_id = mlflow.get_experiment_by_name(path).experiment_id
    return experiment_id


def job_tags(job_id: str, task: str) -> dict[str, str]:
    return {"databricks.job": job_id, "databricks.task": task}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--region", required=True)
    parser.add_argument("--job-id", default=os.environ.get("DATABRICKS_JOB_ID", ""))
    parser.add_argument("task", choices=["prepare", "train"])
    args = parser.parse_args()
    if args.task == "prepare":
        print(prepare(args.region))
        return
    run_id = train(args.region)
    for key, value in job_tags(args.job_id, args.task).items():
        mlflow.MlflowClient().set_tag(run_id, key, value)
    print(run_id)


if __name__ == "__main__":
    main()
