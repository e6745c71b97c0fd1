"""An optuna-like study whose trials are runs."""
from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Callable

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from .runtree import RunTree


@dataclass
class Trial:
    number: int
    params: dict[str, Any]
    value: float | None = None
    run_id: str | None = None

    def suggest_float(self, name: str, lo: float, hi: float) -> float:
        return self.params.setdefault(name, random.uniform(lo, hi))

    def suggest_int(self, name: str, lo: int, hi: int) -> int:
        return self.params.setdefault(name, random.randint(lo, hi))


class Study:
    """load_if_exists: continue the unfinished run of that name."""

    def __init__(self, tree: RunTree, name: str, load_if_exists: bool = True):
        self.tree, self.name = tree, name
        self.client: MlflowClient = tree.client
        self.run_id = None
        if load_if_exists:
            self.run_id = self._existing()

    def _existing(self) -> str | None:
        runs = self.client.search_runs(
            [self.tree.experiment_id],
            f"attributes.run_name = '{self.name}' and tags.`molprop.level` = 'search'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            return None
        return runs[0].info.run_id

    @property
    def best_value(self) -> float:
        top = self.best_run()
        return top.data.metrics["cv_rmse"]

    def best_run(self):
        runs = self.client.search_runs(
            [self.tree.experiment_id],
            filter_string=f"tags.mlflow.parentRunId = '{self.run_id}' and attributes.status = 'FINISHED'",
            order_by=["metrics.cv_rmse ASC"],
            max_results=1,
        )
        if len(runs) == 0:
            raise ValueError(f"study {self.name} has no finished trial")
        return runs[0]

    def optimize(self, objective: Callable[[Trial], float], n_trials: int) -> None:
        if self.run_id:
            outer = mlflow.start_run(run_id=self.run_id)
        else:
            outer = mlflow.start_run(
                experiment_id=self.tree.experiment_id,
                run_name=self.name,
                tags={"molprop.level": "search", "molprop.sampler": "random", "molprop.target": self.tree.target},
            )
            self.run_id = outer.info.run_id
        with outer:
            for number in range(n_trials):
                trial = Trial(number, {})
                with mlflow.start_run(run_name=f"trial-{number}", nested=True) as run:
                    trial.run_id = run.info.run_id
                    try:
                        trial.value = objective(trial)
                    except (ValueError, ArithmeticError) as exc:
                        mlflow.set_tag("molprop.pruned", str(exc))
                        continue
                    mlflow.log_params(trial.params)
                    mlflow.log_metric("cv_rmse", trial.value)
        try:
            self.client.log_metric(self.run_id, "cv_rmse", self.best_value)
        except (MlflowException, ValueError):
            pass
