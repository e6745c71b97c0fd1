"""The class most teams use."""
from __future__ import annotations

import datetime as dt
import logging
import re
import typing as t

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Experiment, Run

from trackkit._compat import quote_key
from trackkit.config import Config, load_config
from trackkit.errors import ExperimentMissing, RunNotFound
from trackkit.plugins.base import PluginManager

logger = logging.getLogger(__name__)

_RUN_ID = re.compile(r"^[0-9a-f]{32}$")


class Tracker:
    """Facade over MLflow with the platform's conventions.

    Args:
        config: read from pyproject.toml when not given.
        plugins: for tests.
    """

    def __init__(self, config: t.Optional[Config] = None, plugins: t.Optional[PluginManager] = None):
        self.config = config or load_config()
        self.client = MlflowClient(self.config.tracking_uri)
        self.plugins = plugins or PluginManager.discover()
        self._experiment: t.Optional[Experiment] = None

    # ------------------------------------------------------------ experiments

    @property
    def experiment(self) -> Experiment:
        if self._experiment is None:
            self._experiment = self._get_or_create(self.config.experiment_name)
        return self._experiment

    def _get_or_create(self, name: str) -> Experiment:
        experiment = self.client.get_experiment_by_name(name)
        if experiment is None:
            location = f"{self.config.artifact_root}/{name}" if self.config.artifact_root else None
            experiment_id = self.client.create_experiment(
                name,
                artifact_location=location,
                tags={"platform.team": self.config.team, "platform.cost_center": self.config.cost_center},
            )
            experiment = self.client.get_experiment(experiment_id)
        return experiment

    def require_experiment(self, name: str) -> Experiment:
        experiment = self.client.get_experiment_by_name(name)
        if experiment is None or experiment.lifecycle_stage == "deleted":
            raise ExperimentMissing(f"experiment {name!r} is not there (or deleted)")
        return experiment

    # ------------------------------------------------------------ finding runs

    def resolve(self, ref: str) -> Run:
        """A run by id, or the newest one of that name."""
        if _RUN_ID.match(ref):
            return self.client.get_run(ref)
        runs = self.client.search_runs(
            [self.experiment.experiment_id],
            filter_string=f"attributes.run_name = '{ref}'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise RunNotFound(ref)
        return runs[0]

    def best(self, metric: str, mode: str = "max", **tags: str) -> Run:
        """The finished run with the best value of a metric."""
        clauses = ["attributes.status = 'FINISHED'"]
        clauses += [f"tags.{quote_key(k)} = '{v}'" for k, v in tags.items()]
        direction = "DESC" if mode == "max" else "ASC"
        runs = self.client.search_runs(
            [self.experiment.experiment_id],
            filter_string=" and ".join(clauses),
            order_by=[f"metrics.{quote_key(metric)} {direction}"],
            max_results=1,
        )
        if not runs or metric not in runs[0].data.metrics:
            raise RunNotFound(f"best {metric}")
        return runs[0]

    def last(self) -> t.Optional[Run]:
        """The newest run, of any status."""
        runs = self.client.search_runs(
            [self.experiment.experiment_id], order_by=["attributes.start_time DESC"], max_results=1
        )
        return runs[0] if runs else None

    def iter_runs(self, filter_string: str = "", page_size: int = 200) -> t.Iterator[Run]:
        token = None
        while True:
            page = self.client.search_runs(
                [self.experiment.experiment_id], filter_string, max_results=page_size, page_token=token
            )
            yield from page
            token = page.token
            if not token:
                break

    # ------------------------------------------------------------ writing

    def standard_tags(self) -> t.Dict[str, str]:
        expires = dt.date.today() + dt.timedelta(days=self.config.retention_days)
        return {
            "platform.team": self.config.team,
            "platform.cost_center": self.config.cost_center,
            "platform.owner": self.config.owner,
            "platform.expires": expires.isoformat(),
        }

    def start(self, name: t.Optional[str] = None, **tags: str):
        merged = {**self.standard_tags(), **tags}
        for plugin in self.plugins:
            merged.update(plugin.tags() or {})
        mlflow.set_tracking_uri(self.config.tracking_uri)
        return mlflow.start_run(
            experiment_id=self.experiment.experiment_id, run_name=name, tags=merged
        )

    def expiry(self, run: Run) -> t.Optional[dt.date]:
        """When a run may be deleted; None is never."""
        value = run.data.tags.get("platform.expires")
        if value in (None, "", "never"):
            return None
        return dt.date.fromisoformat(value)
