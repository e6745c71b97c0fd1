"""python sweep_optuna.py conf/sweep_reach.yaml"""
import os
import subprocess
import sys

import mlflow
import optuna
from simkit import __version__ as simver

from rl_core import train_and_eval
from utils import get_best_of_sweep, get_exp, load_yaml


def suggest(trial, space):
    out = {}
    for k, s in space.items():
        if s["type"] == "log":
            out[k] = trial.suggest_float(k, s["low"], s["high"], log=True)
        elif s["type"] == "int":
            out[k] = trial.suggest_int(k, s["low"], s["high"])
        else:
            out[k] = trial.suggest_categorical(k, s["values"])
    return out


class Sweep:
    def __init__(self, cfg):
        self.cfg = cfg
        self.exp_id = get_exp(cfg["experiment"])
        self.parent = None

    def objective(self, trial):
        hp = suggest(trial, self.cfg["space"])
        client = mlflow.tracking.MlflowClient()
        child = client.create_run(self.exp_id, tags={
            "mlflow.parentRunId": self.parent.info.run_id,
            "mlflow.runName": f"trial-{trial.number:04d}",
            "trial.number": str(trial.number),
            "sweep.name": self.cfg["name"],
        })
        rid = child.info.run_id
        commit = subprocess.run("git rev-parse --short HEAD", shell=True, capture_output=True, text=True).stdout.strip()
        for key, val in (
            ("sim.version", simver),
            ("sim.robot", self.cfg["robot"]),
            ("git.commit", commit or "nogit"),
            ("seed", str(self.cfg["seed"] + trial.number)),
            ("host", os.uname().nodename),
        ):
            client.set_tag(rid, key, val)
        for k, v in hp.items():
            client.log_param(rid, k, v)

        def report(step, value):
            client.log_metric(rid, "eval/return_mean", value, step=step)
            trial.report(value, step)
            if trial.should_prune():
                raise optuna.TrialPruned()

        try:
            score = train_and_eval({**self.cfg["base"], **hp}, report)
        except optuna.TrialPruned:
            client.set_tag(rid, "pruned", "1")
            client.set_terminated(rid, "KILLED")
            raise
        except Exception:
            client.set_terminated(rid, "FAILED")
            raise
        client.log_metric(rid, "eval/return_mean", score)
        client.set_terminated(rid)
        return score

    def run(self):
        study = optuna.create_study(direction="maximize", storage=self.cfg.get("storage"),
                                    study_name=self.cfg["name"], load_if_exists=True)
        with mlflow.start_run(experiment_id=self.exp_id, run_name=self.cfg["name"]) as self.parent:
            mlflow.set_tag("sweep.name", self.cfg["name"])
            mlflow.set_tag("sweep.backend", "optuna")
            study.optimize(self.objective, n_trials=self.cfg["n_trials"])
            best = get_best_of_sweep(self.exp_id, self.parent.info.run_id)
            mlflow.set_tag("sweep.best_run", best.info.run_id)
        return best


if __name__ == "__main__":
    print(Sweep(load_yaml(sys.argv[1])).run().info.run_id)
