"""Sweep over seeds and spreads."""

from __future__ import annotations

import itertools
from dataclasses import asdict, replace

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

from gaitlab.agent import Agent, Config
from gaitlab.envs import make
from gaitlab.experiment import get_experiment_id

GRID = {"sigma": (0.2, 0.5, 1.0), "seed": (0, 1, 2)}


class Sweep:
    """A parent run with one child per point of the grid."""

    def __init__(self, terrain: str, experiment: str = "gaitlab-sweeps") -> None:
        self.terrain = terrain
        self.experiment_id = get_experiment_id(experiment)
        self.client = MlflowClient()
        self.parent_id = ""

    def open_point(self, config: Config) -> str:
        point = ",".join(f"{k}={getattr(config, k)}" for k in sorted(GRID))
        run = self.client.create_run(
            self.experiment_id,
            run_name=point,
            tags={
                "mlflow.parentRunId": self.parent_id,
                "sweep.point": point,
                "gait.terrain": self.terrain,
            },
        )
        for key, value in asdict(config).items():
            self.client.log_param(run.info.run_id, key, value)
        return run.info.run_id

    def run(self, steps: int = 50) -> str:
        with mlflow.start_run(experiment_id=self.experiment_id, run_name=f"sweep-{self.terrain}") as r:
            self.parent_id = r.info.run_id
            for values in itertools.product(*GRID.values()):
                config = replace(Config(), **dict(zip(GRID, values)))
                child = self.open_point(config)
                agent = Agent(make(self.terrain), config)
                for step in range(steps):
                    for key, value in agent.improve().items():
                        self.client.log_metric(child, key, value, step=step)
                self.client.set_terminated(child)
        return self.parent_id

    def table(self) -> pd.DataFrame:
        return mlflow.search_runs(
            [self.experiment_id], f"tags.mlflow.parentRunId = '{self.parent_id}'"
        )

    def winner(self) -> str:
        """The point with the best mean; the mean, as one good try is luck."""
        table = self.table()
        return table.sort_values("metrics.return_mean", ascending=False)["tags.sweep.point"].iloc[0]
