"""Random search."""

from __future__ import annotations

import logging
import random
from contextlib import contextmanager
from typing import Any, Callable, Iterator

from judgebench._tracking import client
from judgebench.automl.space import Space, sample
from judgebench.constants import Kind, Tag
from judgebench.databricks import job_tags, use_experiment

logger = logging.getLogger(__name__)

Objective = Callable[[dict[str, Any]], dict[str, float]]


class ModelSearch:
    """Tries random points and keeps each as a nested run."""

    def __init__(self, name: str, space: Space, metric: str, maximize: bool = True, seed: int = 0) -> None:
        self.name = name
        self.space = space
        self.metric = metric
        self.maximize = maximize
        self.random = random.Random(seed)
        self.search_run_id: str | None = None

    @contextmanager
    def _trial(self, number: int, point: dict[str, Any]) -> Iterator[Any]:
        import mlflow

        with mlflow.start_run(
            run_name=f"{self.name}-{number}",
            nested=True,
            tags={
                Tag.KIND.value: Kind.TRIAL.value,
                Tag.TRIAL.value: str(number),
                Tag.SEARCH.value: self.name,
            },
        ) as run:
            mlflow.log_params(point)
            yield run

    def fit(self, objective: Objective, trials: int = 20, dataset: str | None = None) -> Any:
        """Run the search and return the best trial."""
        import mlflow

        experiment_id = use_experiment(self.name)
        tags = {Tag.KIND.value: Kind.SEARCH.value, Tag.SEARCH.value: self.name}
        tags.update(job_tags())
        if dataset:
            tags[Tag.DATASET.value] = dataset
        with mlflow.start_run(experiment_id=experiment_id, run_name=self.name, tags=tags) as parent:
            self.search_run_id = parent.info.run_id
            for number in range(trials):
                point = sample(self.space, self.random)
                try:
                    with self._trial(number, point):
                        mlflow.log_metrics(objective(point))
                except Exception as error:
                    logger.warning("trial %d failed: %s", number, error)
        return self.best_trial(experiment_id)

    def best_trial(self, experiment_id: str) -> Any:
        """The best finished trial of the search."""
        best = client().search_runs(
            [experiment_id],
            filter_string=(
                f"tags.`{Tag.SEARCH}` = '{self.name}' and tags.`{Tag.KIND}` = 'trial' "
                "and attributes.status = 'FINISHED'"
            ),
            order_by=[f"metrics.`{self.metric}` {'DESC' if self.maximize else 'ASC'}"],
            max_results=1,
        )
        if not best:
            raise RuntimeError("no trial has finished")
        return best[0]
