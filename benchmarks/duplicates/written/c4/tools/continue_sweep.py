"""Continues a sweep that the cluster stopped."""

import argparse
import json
from contextlib import contextmanager
from pathlib import Path

import mlflow
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from gripper.config import PolicyConfig
from gripper.envs import make
from gripper.policy import train_policy
from gripper.tracking import trial_key


@contextmanager
def seed_run(client, trial, seed):
    exp = client.get_run(trial).info.experiment_id
    run_id = client.create_run(exp, run_name=f"seed-{seed}").info.run_id
    client.set_tag(run_id, MLFLOW_PARENT_RUN_ID, trial)
    client.set_tag(run_id, "trial.seed", seed)
    client.log_param(run_id, "seed", seed)
    try:
        yield run_id
        client.set_terminated(run_id, "FINISHED")
    except Exception:
        client.set_terminated(run_id, "FAILED")
        raise


def trials_by_key(task):
    df = mlflow.search_runs(experiment_names=[f"gripper-{task}"], order_by=["attributes.start_time DESC"])
    column = "tags.sweep.trial_key"

    def lookup(key):
        same = df.loc[df[column] == key, "run_id"]
        return same.iat[0] if len(same) else None

    return lookup


def parent_named(task, sweep):
    candidates = mlflow.search_runs(
        experiment_names=[f"gripper-{task}"],
        filter_string=f"tags.`mlflow.runName` = 'sweep-{sweep}'",
        output_format="list",
    )
    try:
        return max(candidates, key=lambda r: r.info.start_time).info.run_id
    except ValueError:
        return None


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("plan", type=Path)
    args = ap.parse_args()
    plan = json.loads(args.plan.read_text())
    client = mlflow.MlflowClient()
    lookup = trials_by_key(plan["task"])
    print("sweep run", parent_named(plan["task"], plan["sweep"]))
    for entry in plan["trials"]:
        trial = lookup(trial_key(entry))
        if trial is None:
            print("not started:", entry)
            continue
        for seed in entry["missing_seeds"]:
            with seed_run(client, trial, seed) as run_id:
                policy = PolicyConfig(**entry["policy"])
                train_policy(
                    make(plan["task"], "mujoco"),
                    policy,
                    seed,
                    entry["steps"],
                    lambda step, rate: client.log_metric(run_id, "rate", rate, step=step),
                )


if __name__ == "__main__":
    main()
