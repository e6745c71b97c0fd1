"""Experiments and runs of this package in MLflow."""

from __future__ import annotations

import socket
import subprocess
from typing import Any

import mlflow
from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from gaitlab.agent import Config


def get_experiment_id(name: str) -> str:
    """The id of an experiment, made with a note when it is new."""
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        return mlflow.create_experiment(name, tags={"mlflow.note.content": "Made by gaitlab"})
    return experiment.experiment_id


def run_tags(terrain: str, config: Config) -> dict[str, str]:
    """What is known of a training before it begins."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True)
    return {
        "gait.terrain": terrain,
        "gait.algo": config.algo,
        "gait.seed": str(config.seed),
        "host": socket.gethostname(),
        "commit": commit.stdout.strip(),
    }


class Experiment:
    """A folder of trainings on one terrain."""

    def __init__(self, name: str, terrain: str) -> None:
        self.name = name
        self.terrain = terrain
        self.id = get_experiment_id(name)
        self.client = MlflowClient()

    def start(self, config: Config, **more: str) -> Run:
        return mlflow.start_run(
            experiment_id=self.id,
            run_name=f"{config.algo}-{self.terrain}-s{config.seed}",
            tags={**run_tags(self.terrain, config), **more},
        )

    def run_of_seed(self, algo: str, seed: int) -> Run | None:
        """The newest finished run of an algorithm with a seed."""
        runs = self.client.search_runs(
            [self.id],
            f"tags.`gait.algo` = '{algo}' and tags.`gait.seed` = '{seed}' "
            f"and tags.`gait.terrain` = '{self.terrain}' and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def best(self, algo: str) -> Run:
        """The run of an algorithm with the highest return."""
        runs = self.client.search_runs(
            [self.id],
            f"tags.`gait.algo` = '{algo}' and tags.`gait.terrain` = '{self.terrain}'",
            order_by=["metrics.return_max DESC"],
            max_results=1,
        )
        if not runs:
            raise LookupError(f"no run of {algo} on {self.terrain}")
        return runs[0]

    def most_stable(self, algo: str) -> Run | None:
        runs = self.client.search_runs(
            [self.id],
            f"tags.`gait.algo` = '{algo}'",
            order_by=["metrics.return_std ASC"],
            max_results=1,
        )
        return next(iter(runs), None)

    def all(self) -> list[Run]:
        token, runs = None, []
        while True:
            page = self.client.search_runs([self.id], max_results=200, page_token=token)
            runs.extend(page)
            token = page.token
            if not token:
                return runs

    def forget(self, algo: str) -> None:
        for run in self.client.search_runs([self.id], f"tags.`gait.algo` = '{algo}'"):
            self.client.delete_run(run.info.run_id)


def info(run: Run) -> dict[str, Any]:
    return {"id": run.info.run_id, "name": run.info.run_name, **run.data.metrics}
