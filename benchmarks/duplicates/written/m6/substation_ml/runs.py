"""Runs of a project."""

from __future__ import annotations

import getpass
import os
import time
from contextlib import contextmanager
from typing import Dict, Iterator, List, Optional

import mlflow
from mlflow.entities import Run, RunStatus
from mlflow.tracking import MlflowClient

from substation_ml.config import Settings
from substation_ml.constants import TAG_COMMIT, TAG_JOB, TAG_OWNER, TAG_PROJECT, TAG_SIGNED, TAG_TEAM
from substation_ml.errors import NotFound
from substation_ml.experiments import Experiments
from substation_ml.paging import all_runs


class Runs:
    def __init__(self, client: MlflowClient, settings: Settings) -> None:
        self._client = client
        self._settings = settings
        self._experiments = Experiments(client, settings)

    def standard_tags(self, project: str) -> Dict[str, str]:
        tags = {
            TAG_TEAM: self._settings.team,
            TAG_PROJECT: project,
            TAG_OWNER: getpass.getuser(),
            TAG_COMMIT: os.environ.get("CI_COMMIT_SHA", ""),
            TAG_JOB: os.environ.get("CI_JOB_ID", ""),
        }
        return {key: value for key, value in tags.items() if value}

    @contextmanager
    def start(self, project: str, name: Optional[str] = None, **tags: str) -> Iterator[mlflow.ActiveRun]:
        with mlflow.start_run(
            experiment_id=self._experiments.ensure(project),
            run_name=name,
            tags={**self.standard_tags(project), **tags},
        ) as run:
            yield run

    def latest_signed(self, project: str) -> Run:
        """The newest run that someone has signed off."""
        experiment = self._experiments.get(project)
        runs = self._client.search_runs(
            experiment_ids=[experiment.experiment_id],
            filter_string=f"tags.`{TAG_SIGNED}` = 'true' and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise NotFound(f"no signed run in {project}")
        return runs[0]

    def of_job(self, project: str, job_id: str) -> Optional[Run]:
        runs = self._client.search_runs(
            [self._experiments.get(project).experiment_id], f"tags.`{TAG_JOB}` = '{job_id}'", max_results=1
        )
        return runs[0] if runs else None

    def best(self, project: str, metric: str = "mape", lower: bool = True) -> Optional[Run]:
        runs = self._client.search_runs(
            [self._experiments.get(project).experiment_id],
            "attributes.status = 'FINISHED'",
            order_by=[f"metrics.`{metric}` {'ASC' if lower else 'DESC'}"],
            max_results=1,
        )
        return next(iter(runs), None)

    def owned_by(self, project: str, owner: str) -> List[Run]:
        return all_runs(
            self._client, [self._experiments.get(project).experiment_id], f"tags.`{TAG_OWNER}` = '{owner}'"
        )

    def close_stale(self, project: str, hours: float = 48) -> int:
        limit = int((time.time() - hours * 3600) * 1000)
        closed = 0
        for run in all_runs(self._client, [self._experiments.get(project).experiment_id], "status = 'RUNNING'"):
            if run.info.start_time < limit:
                self._client.set_terminated(run.info.run_id, RunStatus.to_string(RunStatus.FAILED))
                closed += 1
        return closed
