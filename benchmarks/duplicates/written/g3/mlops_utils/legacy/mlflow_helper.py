"""The first version of the helpers, deprecated since 2.0."""

import time
import warnings

import mlflow
from mlflow.exceptions import MlflowException


def _deprecated(new):
    warnings.warn(f"use mlops_utils.{new}", DeprecationWarning, stacklevel=3)


class MlflowHelper(object):
    def __init__(self, tracking_uri=None):
        if tracking_uri:
            mlflow.set_tracking_uri(tracking_uri)
        self.client = mlflow.tracking.MlflowClient()

    def get_experiment(self, experiment_name, artifact_root=None):
        _deprecated("experiments.get_or_create_experiment")
        try:
            experiment_id = self.client.create_experiment(experiment_name, artifact_root)
        except MlflowException:
            experiment_id = self.client.get_experiment_by_name(experiment_name).experiment_id
        return experiment_id

    def get_last_run(self, experiment_name, team):
        _deprecated("runs.latest_run")
        exp = self.client.get_experiment_by_name(experiment_name)
        runs = self.client.search_runs(exp.experiment_id, "tags.team='%s'" % team)
        runs = [r for r in runs if r.info.status == "FINISHED"]
        if len(runs) == 0:
            return None
        runs.sort(key=lambda r: r.info.start_time)
        return runs[-1]

    def get_run_by_name(self, experiment_name, run_name):
        _deprecated("runs.run_by_name")
        exp = self.client.get_experiment_by_name(experiment_name)
        query = "tags.mlflow.runName = '{}'".format(run_name)
        for run in self.client.search_runs([exp.experiment_id], query, max_results=1):
            return run
        return None

    def wait_run(self, run_id, seconds=3600):
        _deprecated("runs.wait_for")
        waited = 0
        status = self.client.get_run(run_id).info.status
        while status not in ("FINISHED", "FAILED", "KILLED"):
            if waited >= seconds:
                raise RuntimeError("timeout")
            time.sleep(10)
            waited += 10
            status = self.client.get_run(run_id).info.status
        return status

    def new_run(self, experiment_name, run_name, tags=None):
        exp_id = self.get_experiment(experiment_name)
        all_tags = {"mlflow.runName": run_name, "mlflow.source.name": "mlflow_helper"}
        all_tags.update(tags or {})
        return self.client.create_run(exp_id, tags=all_tags)

    def end_run(self, run_id, ok=True):
        self.client.set_terminated(run_id, "FINISHED" if ok else "FAILED")
