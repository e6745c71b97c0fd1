"""The workspace: the way to all the rest."""

import importlib
import os
import re

from nimbusml._rest import Rest
from nimbusml.auth import EnvToken
from nimbusml.exceptions import NotFound


class Workspace:
    """A workspace of the service."""

    def __init__(self, name, endpoint, token=None, cost_centre=None, user=None):
        self.name = name
        self.endpoint = endpoint.rstrip("/")
        self.cost_centre = cost_centre
        self.user = user
        self.token = token or EnvToken()
        self.rest = Rest(f"{self.endpoint}/api/workspaces/{name}", self.token)
        self.__mlflow = None

    @classmethod
    def from_env(cls):
        return cls(
            os.environ["NIMBUS_WORKSPACE"],
            os.environ["NIMBUS_ENDPOINT"],
            cost_centre=os.environ.get("NIMBUS_COST_CENTRE"),
        )

    @property
    def tracking_uri(self):
        return f"{self.endpoint}/mlflow/{self.name}"

    @property
    def _mlflow(self):
        if self.__mlflow is None:
            os.environ["MLFLOW_TRACKING_TOKEN"] = self.token.get()
            self.__mlflow = importlib.import_module("mlflow")
            self.__mlflow.set_tracking_uri(self.tracking_uri)
        return self.__mlflow

    @property
    def client(self):
        return self._mlflow.MlflowClient(self.tracking_uri)

    def experiment_id(self, name):
        """Id of an experiment below the folder of the workspace, made when missing."""
        full = f"/{self.name}/" + re.sub(r"[^\w.-]+", "-", name)
        found = self.client.get_experiment_by_name(full)
        if found is not None:
            return found.experiment_id
        return self.client.create_experiment(full)

    def experiments(self):
        return [e for e in self.client.search_experiments() if e.name.startswith(f"/{self.name}/")]

    def existing_experiment(self, name):
        found = self.client.get_experiment_by_name(f"/{self.name}/{name}")
        if found is None:
            raise NotFound(name)
        return found

    def job(self, run_id):
        from nimbusml.jobs import JobRun

        return JobRun(self, run_id)
