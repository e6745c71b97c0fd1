"""Endpoints that serve the model of a run."""

import logging

from nimbusml.conventions import NimbusTags
from nimbusml.exceptions import NimbusError, NotFound
from nimbusml.polling import Poller

logger = logging.getLogger("nimbusml.deployments")


class Endpoint:
    """An endpoint of the workspace."""

    def __init__(self, workspace, name):
        self.workspace = workspace
        self.name = name

    def _state(self):
        return self.workspace.rest.call("GET", f"endpoints/{self.name}")["state"]

    def wait(self, timeout=1800.0):
        state = Poller(self._state, ("Ready", "Failed"), timeout=timeout).result()
        if state == "Failed":
            raise NimbusError(f"endpoint {self.name} failed")
        return self

    def predict(self, rows):
        path = f"endpoints/{self.name}/invocations"
        return self.workspace.rest.call("POST", path, json={"dataframe_records": rows})["predictions"]

    def source_run(self):
        """The run that the endpoint serves."""
        run_id = self.workspace.rest.call("GET", f"endpoints/{self.name}").get("run")
        if not run_id:
            raise NotFound(self.name)
        return self.workspace.client.get_run(run_id)


def deploy_run(workspace, run, name, size="small", replicas=1):
    """Serve the model of a run."""
    body = {
        "model": f"{run.info.artifact_uri}/model",
        "run": run.info.run_id,
        "size": size,
        "replicas": replicas,
    }
    workspace.rest.call("PUT", f"endpoints/{name}", json=body)
    workspace.client.set_tag(run.info.run_id, NimbusTags.ENDPOINT, name)
    return Endpoint(workspace, name)


def deploy_best(workspace, job_run_id, name, **options):
    """Serve the best child of a job."""
    mlflow = workspace._mlflow
    job = mlflow.get_run(job_run_id)
    goal = job.data.tags.get("nimbus.goal", "maximize")
    column = "metrics." + job.data.tags["nimbus.primaryMetric"]
    frame = mlflow.search_runs(
        experiment_ids=[job.info.experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{job_run_id}' AND status = 'FINISHED'",
    )
    if frame.empty:
        raise NotFound(f"job {job_run_id} has no finished child")
    frame = frame.sort_values(by=column, ascending=(goal == "minimize"))
    best_id = frame["run_id"].iloc[0]
    logger.info("deploying run %s", best_id)
    return deploy_run(workspace, mlflow.get_run(best_id), name, **options)


def served(workspace, experiment):
    """Map endpoint names to ids of the runs that they serve."""
    exp = workspace.existing_experiment(experiment)
    runs = workspace.client.search_runs([exp.experiment_id], f"tags.`{NimbusTags.ENDPOINT}` != ''")
    return {run.data.tags[NimbusTags.ENDPOINT]: run.info.run_id for run in runs}
