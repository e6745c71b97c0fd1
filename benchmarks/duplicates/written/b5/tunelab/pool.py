"""Trials in worker processes, each with its own client."""

from __future__ import annotations

import concurrent.futures as cf
import os
import socket

import mlflow
import numpy as np
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from tunelab.objective import gbm_objective, load
from tunelab.space import GBM, config_hash


def _seen(client, experiment_id, digest):
    for run in client.search_runs([experiment_id]):
        if run.data.tags.get("tune.config_hash", "") == digest:
            return run
    return None


def _child(client, parent_run_id, study, number):
    parent = client.get_run(parent_run_id)
    tags = {"tune.worker": f"{socket.gethostname()}:{os.getpid()}"}
    tags.update({"tune.trial": str(number), "tune.study": study})
    tags["mlflow.parentRunId"] = parent_run_id
    tags["mlflow.runName"] = f"t{number:04d}"
    return client.create_run(parent.info.experiment_id, tags=tags).info.run_id


def work(path, parent_run_id, study, number, config):
    client = MlflowClient()
    run_id = _child(client, parent_run_id, study, number)
    try:
        loss = gbm_objective(*load(path))(config)
    except ValueError:
        client.set_terminated(run_id, "FAILED")
        return number, float("inf")
    client.log_metric(run_id, "val_loss", loss)
    client.set_tag(run_id, "tune.config_hash", config_hash(config))
    client.set_terminated(run_id)
    return number, loss


def _experiment(name):
    client = MlflowClient()
    try:
        experiment_id = client.create_experiment("tune/" + name)
    except MlflowException:
        existing = client.get_experiment_by_name("tune/" + name)
        experiment_id = existing.experiment_id
    return experiment_id


def tune(path, study, trials, workers=4, seed=0):
    client = MlflowClient()
    experiment_id = _experiment(study)
    rng = np.random.default_rng(seed)
    configs = [GBM.draw(rng) for _ in range(trials)]
    configs = [c for c in configs if _seen(client, experiment_id, config_hash(c)) is None]
    with mlflow.start_run(experiment_id=experiment_id, run_name=study) as parent:
        rev = os.popen("git rev-parse --short HEAD").read().strip() or "none"
        mlflow.set_tag("tune.kind", "parent")
        items = {"study": study, "seed": seed, "space_version": 4, "git_rev": rev}
        mlflow.set_tags({"tune." + key: str(value) for key, value in items.items()})
        with cf.ProcessPoolExecutor(workers) as pool:
            jobs = [
                pool.submit(work, path, parent.info.run_id, study, i, c) for i, c in enumerate(configs)
            ]
            losses = [job.result()[1] for job in cf.as_completed(jobs)]
        mlflow.log_metric("best_val_loss", min(losses))
