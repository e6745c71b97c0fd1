"""A callback for Hydra: one run for each job of a multirun."""

from __future__ import annotations

import re
from typing import Any

import mlflow
from hydra.experimental.callback import Callback
from mlflow.tracking import MlflowClient
from omegaconf import DictConfig, OmegaConf

BAD = re.compile(r"[^\w\-. /]")


def clean(key: str) -> str:
    return BAD.sub("_", key)


class SteadyCallback(Callback):
    """Starts the sweep run, then a run for each job."""

    def __init__(self, experiment: str = "steadyflow") -> None:
        self.experiment = experiment
        self.sweep_id: str | None = None

    def on_multirun_start(self, config: DictConfig, **kwargs: Any) -> None:
        mlflow.set_experiment(self.experiment)
        run = mlflow.start_run(run_name=config.hydra.job.name, tags={"hydra.mode": "multirun"})
        self.sweep_id = run.info.run_id

    def on_job_start(self, config: DictConfig, **kwargs: Any) -> None:
        overrides = OmegaConf.to_container(config.hydra.overrides.task)
        tags = {
            f"hydra.{clean(key)}": value
            for key, value in (item.split("=", 1) for item in overrides)
        }
        mlflow.start_run(run_name=str(config.hydra.job.num), nested=True, tags=tags)

    def on_job_end(self, config: DictConfig, job_return: Any, **kwargs: Any) -> None:
        mlflow.end_run()

    def on_multirun_end(self, config: DictConfig, **kwargs: Any) -> None:
        mlflow.end_run()

    def best_job(self, metric: str):
        """The job of the sweep with the lowest value."""
        parent = mlflow.get_run(self.sweep_id)
        jobs = MlflowClient().search_runs(
            [parent.info.experiment_id],
            f"tags.mlflow.parentRunId = '{self.sweep_id}'",
            order_by=[f"metrics.{metric} ASC"],
            max_results=1,
        )
        return jobs[0]
