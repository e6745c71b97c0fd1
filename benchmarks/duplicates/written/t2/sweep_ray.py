"""Ray Tune version of the sweeps (cluster only)."""
import socket
from typing import Any, Dict, Optional

import mlflow
from mlflow import MlflowClient
from ray import tune
from ray.tune.schedulers import ASHAScheduler

from lib.simtags import collect
from rl_core import train_and_eval

client = MlflowClient()


def _get_exp(name):
    e = client.get_experiment_by_name(name)
    if e is None:
        return client.create_experiment(name)
    if e.lifecycle_stage == "deleted":
        client.restore_experiment(e.experiment_id)
    return e.experiment_id


def start_trial_run(exp_id: str, parent: str, number: int, sweep: str):
    tags = {"trial.number": str(number), "sweep.name": sweep}
    with_parent = dict(tags, **{"mlflow.parentRunId": parent})
    return mlflow.start_run(experiment_id=exp_id, run_name="trial-%04d" % number, tags=with_parent)


def trainable(config: Dict[str, Any]):
    number = int(tune.get_trial_id().split("_")[-1])
    hp = {k: v for k, v in config.items() if not k.startswith("_")}
    with start_trial_run(config["_exp"], config["_parent"], number, config["_sweep"]):
        mlflow.set_tags(collect(config["_robot"], config["_seed"] + number))
        mlflow.log_params(hp)

        def report(step, value):
            mlflow.log_metric("eval/return_mean", value, step=step)
            tune.report(ret=value)

        score = train_and_eval(hp, report)
        mlflow.log_metric("eval/return_mean", score)


def best_trial_run(exp_id: str, parent: str):
    """Child with the largest evaluation return."""
    clauses = [f"tags.`mlflow.parentRunId` = '{parent}'", "attributes.status = 'FINISHED'"]
    found = client.search_runs([exp_id], " and ".join(clauses), order_by=["metrics.`eval/return_mean` DESC"], max_results=1)
    if not found:
        raise RuntimeError(f"sweep {parent} has no finished trial")
    return found[0]


def sweep_parent(exp_id: str, name: str) -> Optional[str]:
    hits = client.search_runs([exp_id], f"tags.`sweep.name` = '{name}' and tags.`sweep.backend` = 'ray'",
                              order_by=["attributes.start_time DESC"], max_results=1)
    return hits[0].info.run_id if hits else None


def run_sweep(cfg: Dict[str, Any], space: Dict[str, Any], continue_old: bool = False):
    exp_id = _get_exp(cfg["experiment"])
    parent = sweep_parent(exp_id, cfg["name"]) if continue_old else None
    if parent is None:
        run = client.create_run(exp_id, run_name=cfg["name"], tags={
            "sweep.name": cfg["name"],
            "sweep.backend": "ray",
            "sweep.head": socket.gethostname(),
        })
        parent = run.info.run_id
    fixed = {"_exp": exp_id, "_parent": parent, "_sweep": cfg["name"], "_robot": cfg["robot"], "_seed": cfg["seed"]}
    tuner = tune.Tuner(
        tune.with_resources(trainable, {"cpu": 8, "gpu": 0.5}),
        param_space={**space, **fixed},
        tune_config=tune.TuneConfig(metric="ret", mode="max", num_samples=cfg["n_trials"], scheduler=ASHAScheduler()),
    )
    tuner.fit()
    client.set_terminated(parent)
    return best_trial_run(exp_id, parent)
