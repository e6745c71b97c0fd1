"""Switches parts of a policy off and trains again."""

import itertools
import sys

import mlflow

from gripper.config import PolicyConfig
from gripper.envs import make
from gripper.gitinfo import commit
from gripper.policy import train_policy

GRID = {"entropy": [0.0, 0.01], "clip": [0.1, 0.2]}


def start(task):
    client = mlflow.MlflowClient()
    name = f"gripper-{task}"
    exp = client.get_experiment_by_name(name)
    if exp is None:
        client.create_experiment(name)
        exp = client.get_experiment_by_name(name)
    return exp.experiment_id


def best_start(task):
    df = mlflow.search_runs([start(task)], "status = 'FINISHED'")
    df = df.dropna(subset=["metrics.success_rate"])
    if df.empty:
        raise LookupError(task)
    return df.nlargest(1, "metrics.success_rate").iloc[0]


def describe(task, robot):
    for name, value in (
        ("robot.serial", robot["serial"]),
        ("robot.firmware", robot["firmware"]),
        ("sim.engine", "mujoco"),
        ("task.name", task),
        ("git.commit", commit()),
    ):
        mlflow.set_tag(name, value)


def main(task, seeds=2):
    base = best_start(task)
    for entropy, clip in itertools.product(GRID["entropy"], GRID["clip"]):
        policy = PolicyConfig(entropy=entropy, clip=clip, lr=float(base["params.lr"]))
        with mlflow.start_run(experiment_id=start(task), run_name=f"ablate-{entropy}-{clip}") as outer:
            describe(task, {"serial": "ur5e-07", "firmware": base["tags.robot.firmware"]})
            for seed in range(seeds):
                inner = mlflow.start_run(
                    experiment_id=outer.info.experiment_id,
                    run_name=f"seed-{seed}",
                    parent_run_id=outer.info.run_id,
                    nested=True,
                )
                mlflow.set_tags({"trial.seed": seed})
                mlflow.log_param("seed", seed)
                rates = []
                train_policy(make(task, "mujoco"), policy, seed, 50_000, lambda s, r: rates.append(r))
                mlflow.log_metric("success_rate", rates[-1] if rates else 0.0)
                print(inner.info.run_id)
                mlflow.end_run()


if __name__ == "__main__":
    main(sys.argv[1])
