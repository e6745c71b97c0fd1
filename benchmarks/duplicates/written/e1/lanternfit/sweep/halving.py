"""Successive halving: bad trials get fewer epochs."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

from lanternfit.config import SweepConfig
from lanternfit.sweep.grid import Objective

MLFLOW_PARENT_RUN_ID = "mlflow.parentRunId"
MLFLOW_RUN_NAME = "mlflow.runName"


class HalvingSweeper:
    """Starts many trials and keeps the better part after each rung."""

    def __init__(self, config: SweepConfig, objective: Objective, factor: int = 3) -> None:
        self.config = config
        self.objective = objective
        self.factor = factor
        self.random = random.Random(config.base.seed)
        self.__client = None

    @property
    def client(self) -> Any:
        if self.__client is None:
            from mlflow.tracking import MlflowClient

            self.__client = MlflowClient(tracking_uri=self.config.base.tracking_uri)
        return self.__client

    def sample(self) -> dict[str, Any]:
        """A random point of the space."""
        return {name: self.random.choice(values) for name, values in self.config.space.items()}

    def launch(self, parent: Any, index: int, point: dict[str, Any]) -> str:
        """Create the run of one trial and log its params."""
        tags = {MLFLOW_RUN_NAME: "trial-%03d" % index}
        tags[MLFLOW_PARENT_RUN_ID] = parent.info.run_id
        tags["lantern.sweep"] = self.config.name
        tags["lantern.trial"] = str(index)
        child = self.client.create_run(experiment_id=parent.info.experiment_id, tags=tags)
        for key, value in point.items():
            self.client.log_param(child.info.run_id, key, value)
        return child.info.run_id

    def run(self, parent_id: str) -> dict[str, float]:
        """Run all rungs below a parent run and return the scores of the last rung."""
        parent = self.client.get_run(parent_id)
        alive = {}
        for index in range(self.config.max_trials):
            point = self.sample()
            alive[self.launch(parent, index, point)] = point
        rungs = max(1, int(math.log(max(len(alive), 2), self.factor)))
        scores: dict[str, float] = {}
        for rung in range(rungs):
            epochs = self.config.base.epochs * self.factor**rung
            for run_id, point in alive.items():
                config = replace(self.config.base, epochs=epochs, **point)
                scores[run_id] = self.objective(config, run_id)
                self.client.log_metric(run_id, self.config.metric, scores[run_id], step=rung)
            ranked = sorted(alive, key=scores.__getitem__, reverse=self.config.mode == "max")
            keep = max(1, len(ranked) // self.factor)
            for run_id in ranked[keep:]:
                self.client.set_tag(run_id, "lantern.pruned_at", str(rung))
                self.client.set_terminated(run_id, "KILLED")
            alive = {run_id: alive[run_id] for run_id in ranked[:keep]}
        return {run_id: scores[run_id] for run_id in alive}

    def pruned(self, parent: Any) -> list[str]:
        """The ids of the trials that were stopped early."""
        found = self.client.search_runs(
            [parent.info.experiment_id],
            f"tags.`mlflow.parentRunId` = '{parent.info.run_id}' and attributes.status = 'KILLED'",
        )
        return [run.info.run_id for run in found if "lantern.pruned_at" in run.data.tags]
