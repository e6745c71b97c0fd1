"""Evaluate the agent of a seed on all terrains."""

import argparse

import mlflow
import numpy as np

from gaitlab.agent import Agent, Config
from gaitlab.envs import TERRAINS, make


def find_run(experiment, terrain, algo, seed):
    exp = mlflow.get_experiment_by_name(experiment)
    filter_string = " and ".join(
        f"tags.`gait.{key}` = '{value}'"
        for key, value in {"terrain": terrain, "algo": algo, "seed": seed}.items()
    )
    df = mlflow.search_runs([exp.experiment_id], filter_string=filter_string)
    df = df[df["status"] == "FINISHED"].sort_values("start_time", ascending=False)
    if df.empty:
        raise SystemExit("There is no such run.")
    return mlflow.get_run(df.iloc[0]["run_id"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--experiment", default="gaitlab")
    parser.add_argument("--terrain", default="flat")
    parser.add_argument("--algo", default="cem")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    run = find_run(args.experiment, args.terrain, args.algo, args.seed)
    tag = run.data.tags["gait.checkpoint"]
    step, path = int(tag.split(":")[0]), tag.split(":")[1]
    local = mlflow.artifacts.download_artifacts(f"runs:/{run.info.run_id}/{path}")
    for terrain in TERRAINS:
        agent = Agent(make(terrain), Config(seed=args.seed))
        with open(local, "rb") as file:
            agent.loads(file.read())
        returns = [agent.episode(agent.mean)[0] for _ in range(20)]
        print(f"{terrain:8s} step {step}: {np.mean(returns):.3f} +- {np.std(returns):.3f}")


if __name__ == "__main__":
    main()
