"""Stages of DVC: each stage is a process, and joins the run of its pipeline."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import mlflow
import yaml
from mlflow.tracking import MlflowClient

from steadyflow import vcs


def experiment_id(name: str) -> str:
    api = MlflowClient()
    exp = api.get_experiment_by_name(name)
    if exp and exp.lifecycle_stage == "active":
        return exp.experiment_id
    if exp:
        api.restore_experiment(exp.experiment_id)
        return exp.experiment_id
    return api.create_experiment(name)


def lock_params(stage: str) -> dict[str, object]:
    lock = Path("dvc.lock")
    if not lock.exists():
        return {}
    stages = yaml.safe_load(lock.read_text()).get("stages", {})
    return stages.get(stage, {}).get("params", {}).get("params.yaml", {})


def join_run(name: str, stage: str):
    """Resume the run of this commit, or start it."""
    exp_id = experiment_id(name)
    found = MlflowClient().search_runs(
        experiment_ids=[exp_id],
        filter_string="tags.`git.sha` = '{}'".format(vcs.sha()),
        order_by=["start_time DESC"],
    )
    parent = found[0] if len(found) else None
    if parent is not None:
        run = mlflow.start_run(run_id=parent.info.run_id)
    else:
        run = mlflow.start_run(experiment_id=exp_id, run_name="dvc", tags=vcs.ci_tags())
    mlflow.set_tag(f"dvc.stage.{stage}", "started")
    return run


def main() -> None:
    stage = sys.argv[1]
    with join_run(os.environ.get("STEADY_EXPERIMENT", "steadyflow"), stage):
        mlflow.log_params({f"{stage}.{k}": v for k, v in lock_params(stage).items()})


if __name__ == "__main__":
    main()
