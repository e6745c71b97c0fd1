"""Search by evolution."""

from __future__ import annotations

import importlib
import random
from typing import Any

from judgebench.automl.search import Objective
from judgebench.automl.space import Space, mutate, sample
from judgebench.databricks import use_experiment


class EvolutionSearch:
    """Keeps a population; each child is a changed copy of a good point."""

    def __init__(self, name: str, space: Space, metric: str, size: int = 8, seed: int = 0) -> None:
        self._mlflow = importlib.import_module("mlflow")
        self.name = name
        self.space = space
        self.metric = metric
        self.size = size
        self.rng = random.Random(seed)
        self.count = 0

    def score(self, objective: Objective, point: dict[str, Any], generation: int) -> float:
        """Try one point in a nested run."""
        self.count += 1
        self._mlflow.start_run(nested=True, run_name=f"{self.name}-{self.count}")
        self._mlflow.set_tag("judgebench.search", self.name)
        self._mlflow.set_tag("judgebench.trial", self.count)
        self._mlflow.set_tag("judgebench.kind", "trial")
        self._mlflow.set_tag("judgebench.generation", generation)
        for key, value in point.items():
            self._mlflow.log_param(key, value)
        status = "FAILED"
        try:
            metrics = objective(point)
            self._mlflow.log_metrics(metrics)
            status = "FINISHED"
        finally:
            self._mlflow.end_run(status)
        return metrics[self.metric]

    def fit(self, objective: Objective, generations: int = 5) -> dict[str, Any]:
        """Run the generations and return the params of the best trial."""
        experiment_id = use_experiment(self.name)
        with self._mlflow.start_run(run_name=self.name):
            population = [sample(self.space, self.rng) for _ in range(self.size)]
            for generation in range(generations):
                ranked = sorted(
                    population,
                    key=lambda point: self.score(objective, point, generation),
                    reverse=True,
                )
                parents = ranked[: max(2, self.size // 4)]
                population = parents + [
                    mutate(self.space, self.rng.choice(parents), self.rng)
                    for _ in range(self.size - len(parents))
                ]
        trials = self._mlflow.search_runs(
            [experiment_id],
            f"tags.judgebench.search = '{self.name}' and tags.judgebench.kind = 'trial'",
        )
        trials = trials[trials["status"] == "FINISHED"].dropna(subset=[f"metrics.{self.metric}"])
        if trials.empty:
            raise RuntimeError("nothing has finished")
        top = trials.sort_values(f"metrics.{self.metric}", ascending=False).iloc[0]
        return {
            column.removeprefix("params."): top[column]
            for column in trials.columns
            if column.startswith("params.")
        }
