from __future__ import annotations

import logging

from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from riskhub.core.model import Portfolio, Role, RunTags, Tag
from riskhub.core.settings import TrackingSettings

_log = logging.getLogger(__name__)


class MlflowRunStore:
    """RunStore on MLflow. Gets its client from the container."""

    def __init__(self, client: MlflowClient, conf: TrackingSettings):
        self._client = client
        self._conf = conf
        self._ids: dict[str, str] = {}

    def experiment(self, portfolio: Portfolio) -> str:
        name = f"{self._conf.experiment_prefix}/{portfolio.value}"
        if name in self._ids:
            return self._ids[name]
        try:
            experiment_id = self._client.create_experiment(name, tags={Tag.OWNER.value: self._conf.owner})
            _log.info("created %s", name)
        except MlflowException:
            experiment_id = self._client.get_experiment_by_name(name).experiment_id
        self._ids[name] = experiment_id
        return experiment_id

    def champion(self, portfolio: Portfolio) -> Run | None:
        query = {Tag.ROLE: Role.CHAMPION.value, Tag.PORTFOLIO: portfolio.value}
        runs = self._client.search_runs(
            [self.experiment(portfolio)],
            filter_string=" and ".join(f"tags.`{key.value}` = '{value}'" for key, value in query.items()),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return next(iter(runs), None)

    def open(self, tags: RunTags, name: str) -> str:
        run = self._client.create_run(self.experiment(tags.portfolio), tags=tags.to_tags(), run_name=name)
        return run.info.run_id

    def close(self, run_id: str, ok: bool) -> None:
        self._client.set_terminated(run_id, "FINISHED" if ok else "FAILED")

    def promote(self, run_id: str, portfolio: Portfolio) -> None:
        """The old champion retires."""
        old = self.champion(portfolio)
        if old is not None and old.info.run_id != run_id:
            self._client.set_tag(old.info.run_id, Tag.ROLE.value, Role.RETIRED.value)
        self._client.set_tag(run_id, Tag.ROLE.value, Role.CHAMPION.value)
