"""Tracking by MLflow's own autologging."""

from __future__ import annotations

import contextlib
import time
from typing import Any, Iterator

import mlflow
from mlflow.exceptions import MlflowException

from pinetree.config import StudyConfig
from pinetree.tracking.manager import TAG_KIND, TAG_STUDY, TAG_TRIAL


def prepare(config: StudyConfig) -> str:
    """Turn on autologging in the study's experiment."""
    if config.tracking_uri:
        mlflow.set_tracking_uri(config.tracking_uri)
    experiment = mlflow.get_experiment_by_name(config.experiment)
    if experiment is not None and experiment.lifecycle_stage == "deleted":
        mlflow.MlflowClient().restore_experiment(experiment.experiment_id)
    if experiment is None:
        experiment_id = mlflow.create_experiment(config.experiment)
    else:
        experiment_id = experiment.experiment_id
    mlflow.set_experiment(experiment_id=experiment_id)
    mlflow.autolog(log_models=False, silent=True)
    return experiment_id


def adopt_last(experiment_id: str, number: int, since_ms: int) -> str | None:
    """Make the run that autologging has just left a trial."""
    client = mlflow.MlflowClient()
    orphans = [
        run
        for run in client.search_runs(
            [experiment_id],
            filter_string=f"attributes.start_time >= {since_ms}",
            order_by=["start_time DESC"],
            max_results=20,
        )
        if TAG_TRIAL not in run.data.tags and "mlflow.autologging" in run.data.tags
    ]
    if not orphans:
        return None
    run = orphans[0]
    client.set_tag(run.info.run_id, TAG_TRIAL, str(number))
    client.set_tag(run.info.run_id, TAG_KIND, "trial")
    return run.info.run_id


class AutoTracker:
    """Has the interface of StudyTracker but leaves logging to MLflow."""

    def __init__(self, config: StudyConfig) -> None:
        self.config = config
        self.experiment_id = prepare(config)
        self.parent: str | None = None

    @contextlib.contextmanager
    def study(self) -> Iterator[str]:
        """The study's run, taken up again when it is there."""
        hits = mlflow.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string="tags.`pinetree.study` = '%s' AND tags.`pinetree.kind` = 'study'" % self.config.key,
            order_by=["start_time desc"],
            max_results=1,
        )
        run_id = None if hits.empty else hits.loc[0, "run_id"]
        with mlflow.start_run(run_id=run_id, run_name=None if run_id else self.config.name) as run:
            self.parent = run.info.run_id
            if run_id is None:
                mlflow.set_tags({TAG_STUDY: self.config.key, TAG_KIND: "study"})
            yield self.parent

    @contextlib.contextmanager
    def trial(self, number: int) -> Iterator[Any]:
        """One trial as a nested run."""
        with mlflow.start_run(
            run_name=f"{self.config.name}-{number}",
            nested=True,
            parent_run_id=self.parent,
            tags={TAG_KIND: "trial", TAG_TRIAL: str(number)},
        ) as run:
            yield run

    def fastest(self) -> str | None:
        """The id of the trial that took the least time to fit."""
        frame = mlflow.search_runs(
            [self.experiment_id],
            f"tags.`mlflow.parentRunId` = '{self.parent}'",
            order_by=["metrics.fit_seconds ASC"],
            max_results=1,
        )
        return None if frame.empty else str(frame.iloc[0].run_id)


def wait_closed(run_id: str, timeout: float = 30.0) -> bool:
    """Wait until MLflow has closed the run."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        try:
            if mlflow.get_run(run_id).info.status != "RUNNING":
                return True
        except MlflowException:
            return False
        time.sleep(0.5)
    return False
