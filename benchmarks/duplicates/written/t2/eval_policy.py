"""Evaluate a trained policy in the simulator version it was trained with."""
import argparse
import sys

import mlflow
import numpy as np
import simkit
from stable_baselines3 import PPO, SAC

from lib.tracking import Tracker

ALGOS = {"sac": SAC, "ppo": PPO}


def sim_version_of(run):
    v = run.data.tags.get("sim.version", "0.0.0")
    v = v.split("+")[0].lstrip("v")
    return tuple(int(p) for p in v.split("."))


def rollout(model, env, episodes):
    rets, ok, hits = [], 0, 0
    for _ in range(episodes):
        obs, _ = env.reset()
        done, total = False, 0.0
        while not done:
            a, _ = model.predict(obs, deterministic=True)
            obs, r, term, trunc, info = env.step(a)
            total += r
            done = term or trunc
        ok += int(info.get("success", False))
        hits += int(info.get("collisions", 0) > 0)
        rets.append(total)
    return np.array(rets), ok / episodes, hits / episodes


def evaluate(run_id, episodes=50, force=False):
    run = mlflow.get_run(run_id)
    need = sim_version_of(run)
    have = tuple(int(p) for p in simkit.__version__.split("."))
    if need[:2] != have[:2] and not force:
        sys.exit(f"policy wants simulator {need}, this is {have}")
    algo = run.data.tags.get("algo", "ppo")
    path = mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="ckpt/last.zip")
    model = ALGOS[algo].load(path)
    env = simkit.make(run.data.params["env"], robot=run.data.tags["sim.robot"])
    rets, success, collide = rollout(model, env, episodes)

    with mlflow.start_run(experiment_id=run.info.experiment_id, run_name=f"eval-{run_id[:6]}"):
        mlflow.set_tag("kind", "eval")
        mlflow.set_tag("policy_run", run_id)
        mlflow.set_tag("eval.sim_version", simkit.__version__)
        mlflow.log_metric("eval/return_mean", rets.mean())
        mlflow.log_metric("eval/success_rate", success)
        mlflow.log_metric("eval/collision_rate", collide)
    return success


def safest(experiment):
    """Policy evaluation with fewest collisions."""
    t = Tracker(experiment)
    df = mlflow.search_runs([t.experiment_id], "tags.kind = 'eval'", order_by=["metrics.`eval/collision_rate` ASC"])
    if df.empty:
        return None
    return df.iloc[0]["tags.policy_run"]


def last_eval_of(experiment_id, policy_run):
    runs = mlflow.search_runs([experiment_id], f"tags.kind = 'eval' and tags.policy_run = '{policy_run}'",
                              order_by=["start_time DESC"], max_results=1, output_format="list")
    return next(iter(runs), None)


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("run_id")
    ap.add_argument("-n", type=int, default=50)
    ap.add_argument("--force", action="store_true")
    a = ap.parse_args()
    print(evaluate(a.run_id, a.n, a.force))
