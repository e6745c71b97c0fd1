"""Experiments."""

from __future__ import annotations

import logging
from typing import Any, Iterator

from mlflow.entities import LifecycleStage, ViewType

from tidewater._client import client
from tidewater.core.run import Run
from tidewater.errors import NotFound
from tidewater.settings import Tags, get_settings

logger = logging.getLogger(__name__)


def ensure_experiment(name: str) -> str:
    """The id of the experiment with this name, made or restored when needed."""
    experiment = client().get_experiment_by_name(name)
    if experiment is None:
        settings = get_settings()
        return client().create_experiment(
            name,
            artifact_location=settings.artifact_location(name),
            tags={Tags.PROJECT: settings.project},
        )
    if experiment.lifecycle_stage == LifecycleStage.DELETED:
        logger.info("restoring experiment %s", name)
        client().restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


class Experiment:
    """An experiment of the team."""

    def __init__(self, name: str, experiment_id: str) -> None:
        self.name = name
        self.id = experiment_id

    @classmethod
    def get_or_create(cls, name: str) -> "Experiment":
        """Open an experiment, which is made when it is missing."""
        return cls(name, ensure_experiment(name))

    @classmethod
    def get(cls, name: str) -> "Experiment":
        """Open an experiment that must be there."""
        found = client().get_experiment_by_name(name)
        if found is None:
            raise NotFound(f"no experiment {name!r}")
        return cls(found.name, found.experiment_id)

    def start(self, name: str, **labels: str) -> Run:
        """Start a run."""
        return Run.start(self.id, name, labels)

    def latest(self) -> Run | None:
        """The newest run that has finished."""
        found = client().search_runs(
            experiment_ids=[self.id],
            filter_string="attributes.status = 'FINISHED'",
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        return Run(found[0]) if found else None

    def runs(self, filter_string: str = "") -> Iterator[Run]:
        """All runs, page by page."""
        token = None
        while True:
            page = client().search_runs([self.id], filter_string, page_token=token, max_results=200)
            yield from map(Run, page)
            token = page.token
            if not token:
                return

    def best(self, metric: str, maximize: bool = True) -> Run:
        """The run with the best value of a metric."""
        order = "DESC" if maximize else "ASC"
        found = client().search_runs(
            [self.id], f"metrics.`{metric}` > -1e308", order_by=[f"metrics.`{metric}` {order}"], max_results=1
        )
        if not found:
            raise NotFound(f"no run of {self.name} has {metric}")
        return Run(found[0])

    def owned_by(self, owner: str) -> list[Run]:
        """The runs of one person."""
        return [run for run in self.runs(f"tags.`{Tags.OWNER}` = '{owner}'")]

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "id": self.id}
