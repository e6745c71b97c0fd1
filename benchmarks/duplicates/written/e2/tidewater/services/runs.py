"""Runs for the web layer."""

from __future__ import annotations

import json
import time

from mlflow.tracking import MlflowClient

from tidewater.errors import NotFound, RunTimeout
from tidewater.services.experiments import ExperimentService
from tidewater.services.schemas import CreateRun, Page, RunOut
from tidewater.settings import Settings


class RunService:
    """All on runs, with a client that is given."""

    def __init__(self, mlflow_client: MlflowClient, settings: Settings) -> None:
        self.mlflow_client = mlflow_client
        self.settings = settings
        self.experiments = ExperimentService(mlflow_client, settings)

    def create(self, request: CreateRun) -> RunOut:
        """Create a run in the name of the user of the request."""
        experiment_id = self.experiments.resolve(request.experiment)
        tags = dict()
        tags["tidewater.owner"] = request.owner
        tags["tidewater.project"] = self.settings.project
        tags["tidewater.source"] = request.source
        tags["tidewater.labels"] = json.dumps(request.labels)
        run = self.mlflow_client.create_run(experiment_id, run_name=request.name, tags=tags)
        return RunOut.from_mlflow(run)

    def latest(self, experiment_id: str) -> RunOut:
        """The newest finished run of an experiment."""
        runs = self.mlflow_client.search_runs(
            [experiment_id], "status = 'FINISHED'", order_by=["start_time DESC"]
        )
        try:
            newest = runs[0]
        except IndexError:
            raise NotFound(f"experiment {experiment_id} has no finished run") from None
        return RunOut.from_mlflow(newest)

    def page(self, experiment_id: str, token: str | None = None, size: int = 50) -> Page:
        """One page of runs."""
        found = self.mlflow_client.search_runs(
            [experiment_id], page_token=token, max_results=size, order_by=["start_time DESC"]
        )
        return Page(items=[RunOut.from_mlflow(run) for run in found], next_token=found.token)

    def wait_for(self, run_id: str, seconds: int = 600) -> RunOut:
        """Block until the run is over."""
        waited = 0.0
        while waited < seconds:
            run = self.mlflow_client.get_run(run_id)
            if run.info.status in ("FINISHED", "FAILED", "KILLED"):
                return RunOut.from_mlflow(run)
            time.sleep(self.settings.poll_seconds)
            waited += self.settings.poll_seconds
        raise RunTimeout(run_id)

    def delete(self, run_id: str, user: str) -> None:
        """Delete a run of the user."""
        run = self.mlflow_client.get_run(run_id)
        if run.data.tags.get("tidewater.owner") != user:
            raise NotFound(run_id)
        self.mlflow_client.delete_run(run_id)
