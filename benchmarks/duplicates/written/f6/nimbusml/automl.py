"""Automatic search for a model."""

import getpass
import time

from nimbusml.conventions import PARENT_RUN_ID
from nimbusml.exceptions import NimbusError
from nimbusml.jobs import JobRun

TASKS = {"classification": ("accuracy", "maximize"), "regression": ("rmse", "minimize")}


class AutoML:
    """Starts a search and gives its best model."""

    def __init__(self, workspace, task, compute="cpu-small", experiment="automl"):
        if task not in TASKS:
            raise ValueError(f"task must be one of {sorted(TASKS)}")
        self._ws = workspace
        self._task = task
        self._compute = compute
        self._experiment = experiment
        self._job = None

    def fit(self, dataset, target, minutes=30):
        ws = self._ws
        job_name = f"automl-{self._task}-{int(time.time())}"
        metric, goal = TASKS[self._task]
        tags = {"nimbus.job": job_name, "nimbus.workspace": ws.name}
        tags["nimbus.compute"] = self._compute
        tags["nimbus.submittedBy"] = ws.user if ws.user else getpass.getuser()
        tags["nimbus.costCentre"] = ws.cost_centre if ws.cost_centre else "none"
        tags["nimbus.kind"] = "automl"
        tags["nimbus.primaryMetric"] = metric
        tags["nimbus.goal"] = goal
        run = ws.client.create_run(ws.experiment_id(self._experiment), tags=tags, run_name=job_name)
        self._job = JobRun(ws, run.info.run_id)
        body = {"dataset": dataset, "target": target, "minutes": minutes, "run": run.info.run_id}
        ws.rest.call("PUT", f"automl/{job_name}", json=body)
        return self

    def wait(self, timeout=7200.0):
        self._job.wait(timeout)
        return self

    def best_run(self):
        """The trial with the best metric."""
        parent = self._job.run
        client = self._ws.client
        trials = [
            t
            for t in client.search_runs(
                [parent.info.experiment_id],
                filter_string="tags.mlflow.parentRunId = '%s'" % parent.info.run_id,
            )
            if t.info.status == "FINISHED"
        ]
        name = parent.data.tags["nimbus.primaryMetric"]
        trials = [t for t in trials if name in t.data.metrics]
        if not trials:
            raise NimbusError("no trial is finished")
        choose = min if parent.data.tags.get("nimbus.goal") == "minimize" else max
        return choose(trials, key=lambda t: t.data.metrics[name])

    def leaderboard(self):
        """Rows of all trials, best first."""
        parent = self._job.run
        table = self._ws._mlflow.search_runs(
            [parent.info.experiment_id],
            filter_string=f"tags.`{PARENT_RUN_ID}` = '{parent.info.run_id}'",
        )
        metric, goal = TASKS[self._task]
        return table.sort_values(f"metrics.{metric}", ascending=goal == "minimize")
