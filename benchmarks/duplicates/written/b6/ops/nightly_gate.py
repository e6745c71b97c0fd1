"""Gate the best run of each model each night."""

import getpass
import logging
import time
import uuid
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

from shipyard.config import Config
from shipyard.gates import mark

log = logging.getLogger("nightly")


def strongest(client, experiment_id):
    done = client.search_runs([experiment_id], "attributes.status = 'FINISHED'")
    with_f1 = [run for run in done if run.data.metrics.get("f1") is not None]
    with_f1.sort(key=lambda run: run.data.metrics["f1"], reverse=True)
    return with_f1[0].info.run_id if with_f1 else None


def previous(client, experiment_id, model):
    passed = (
        run
        for run in client.search_runs([experiment_id], order_by=["attributes.start_time DESC"])
        if run.data.tags.get("gate.status") == "passed" and run.data.tags.get("gate.model") == model
    )
    return next(passed, None)


def record(results):
    wanted = "audit/nightly"
    experiment = mlflow.get_experiment_by_name(wanted)
    if not experiment:
        experiment_id = mlflow.create_experiment(wanted)
    else:
        experiment_id = experiment.experiment_id
    release = uuid.uuid4().hex[:8]
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"release {release}"):
        now = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        for suffix, value in [("id", release), ("actor", getpass.getuser()), ("at", now), ("ticket", "")]:
            mlflow.set_tag(f"release.{suffix}", value)
        mlflow.log_dict(results, "results.json")


def purge(client, experiment_id, days=365):
    border = int((time.time() - days * 86400) * 1000)
    for run in client.search_runs([experiment_id], f"attributes.start_time < {border}"):
        client.delete_run(run.info.run_id)


def main():
    config = Config.read(Path("shipyard.toml"))
    client = MlflowClient(config.tracking_uri)
    results = {}
    for name, entry in config.models.items():
        experiment = client.get_experiment_by_name(entry.experiment)
        if experiment is None:
            log.warning("%s has no experiment", name)
            continue
        run_id = strongest(client, experiment.experiment_id)
        if run_id is None:
            continue
        before = previous(client, experiment.experiment_id, name)
        ok = mark(client, client.get_run(run_id), entry)
        results[name] = {"run": run_id, "passed": ok, "before": before and before.info.run_id}
    record(results)


if __name__ == "__main__":
    main()
