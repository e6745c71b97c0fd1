"""The one place that should talk to mlflow."""

import logging
import os
from datetime import date
from typing import Dict, Mapping, Optional

import mlflow
from mlflow.tracking import MlflowClient

from tideline.strategies import Strategy
from tideline.tracking.repository import RunRepository

logger = logging.getLogger(__name__)
DESK = os.getenv("TIDELINE_DESK", "systematic")


class TrackingService:
    """Writes runs; `runs` reads them."""

    def __init__(self, experiment: str, client: Optional[MlflowClient] = None) -> None:
        self._client = client or MlflowClient()
        self.experiment_id = self._ensure(experiment)
        self.runs = RunRepository(self._client, self.experiment_id)

    def _ensure(self, name: str) -> str:
        experiment = self._client.get_experiment_by_name(name)
        if experiment is None:
            logger.info("Creating %s", name)
            return self._client.create_experiment(name, tags={"tl.desk": DESK})
        return experiment.experiment_id

    @staticmethod
    def tags(strategy: Strategy, as_of: date, calendar: str = "XNYS") -> Dict[str, str]:
        return {
            "tl.strategy": strategy.name,
            "tl.universe": strategy.universe,
            "tl.as_of": as_of.isoformat(),
            "tl.calendar": calendar,
            "tl.desk": DESK,
        }

    def record(self, tags: Mapping[str, str], params: Mapping[str, float], metrics: Mapping[str, float]) -> str:
        with mlflow.start_run(experiment_id=self.experiment_id, tags=dict(tags)) as run:
            mlflow.log_params(dict(params))
            mlflow.log_metrics(dict(metrics))
        return run.info.run_id

    def replace(self, strategy: Strategy, as_of: date, metrics: Mapping[str, float]) -> str:
        """Drop the run of a date, if any, and write it again."""
        old = self.runs.on_date(strategy.name, as_of)
        if old is not None:
            self._client.delete_run(old.info.run_id)
        return self.record(self.tags(strategy, as_of), strategy.params(), metrics)
