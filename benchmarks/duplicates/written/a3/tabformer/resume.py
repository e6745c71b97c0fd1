"""Continue a sweep that was interrupted."""

from __future__ import annotations

import argparse

import mlflow
import optuna
from mlflow import MlflowClient


def locate_sweep(experiment, study_hash):
    cli = MlflowClient()
    exp = cli.get_experiment_by_name(experiment)
    if exp is None:
        return None
    candidates = mlflow.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string=(
            "tags.`tabformer.role` = 'sweep' "
            f"AND tags.`tabformer.study_hash` = '{study_hash}'"
        ),
        output_format="list",
    )
    if len(candidates) < 1:
        return None
    candidates.sort(key=lambda r: r.info.start_time)
    return candidates[-1]


def trial_run(cli, sweep, n):
    children = cli.search_runs(
        [sweep.info.experiment_id], f"tags.mlflow.parentRunId = '{sweep.info.run_id}'"
    )
    for child in children:
        if child.data.tags.get("tabformer.trial") == str(n):
            return child
    return None


def start_trial(cli, sweep, n):
    child = cli.create_run(
        experiment_id=sweep.info.experiment_id,
        tags={
            "tabformer.study_hash": sweep.data.tags["tabformer.study_hash"],
            "tabformer.trial": str(n),
            "mlflow.parentRunId": sweep.info.run_id,
            "mlflow.runName": "trial_%d" % n,
        },
    )
    return child.info.run_id


def reopen(run_id):
    run = mlflow.get_run(run_id)
    if run.info.status in ("FAILED", "KILLED"):
        return mlflow.start_run(run_id=run_id)
    raise ValueError(f"{run_id} is {run.info.status}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("experiment")
    parser.add_argument("study_hash")
    parser.add_argument("--upto", type=int, default=50)
    args = parser.parse_args()
    sweep = locate_sweep(args.experiment, args.study_hash)
    if sweep is None:
        raise SystemExit("no such sweep")
    cli = MlflowClient()
    study = optuna.create_study(direction="minimize")
    for n in range(args.upto):
        run = trial_run(cli, sweep, n)
        if run is None:
            print("trial", n, "is missing, started", start_trial(cli, sweep, n))
        elif "rmse" in run.data.metrics:
            study.add_trial(optuna.trial.create_trial(value=run.data.metrics["rmse"]))
    print(len(study.trials), "trials restored")


if __name__ == "__main__":
    main()
