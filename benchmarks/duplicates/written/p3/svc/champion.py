"""Champion / challenger selection."""
from __future__ import annotations

import dataclasses
import logging

from mlflow import MlflowClient
from mlflow.entities import Run

log = logging.getLogger(__name__)


@dataclasses.dataclass
class Duel:
    vertical: str
    champion: Run | None
    challenger: Run | None
    min_gain: float = 0.002

    @property
    def decided(self) -> bool:
        if self.challenger is None:
            return False
        if self.champion is None:
            return True
        gain = self.challenger.data.metrics["auc"] - self.champion.data.metrics.get("auc", 0.5)
        return gain >= self.min_gain


class Arena:
    def __init__(self, client: MlflowClient, experiment_id: str, model_prefix: str = "ctr"):
        self.client = client
        self.experiment_id = experiment_id
        self.model_prefix = model_prefix

    def champion(self, vertical: str) -> Run | None:
        name = f"{self.model_prefix}_{vertical}"
        try:
            mv = self.client.get_model_version_by_alias(name, "champion")
        except Exception:
            log.exception("no champion for %s", vertical)
            return None
        return self.client.get_run(mv.run_id)

    def best_challenger(self, vertical: str) -> Run | None:
        found = self.client.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=(
                f"tags.role = 'challenger' and tags.vertical = '{vertical}' "
                "and attributes.status = 'FINISHED'"
            ),
            order_by=["metrics.auc DESC"],
            max_results=1,
        )
        return found[0] if found else None

    def newest_challenger(self, vertical: str) -> Run | None:
        found = self.client.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=(
                f"tags.role = 'challenger' and tags.vertical = '{vertical}' "
                "and attributes.status = 'FINISHED'"
            ),
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return found[0] if found else None

    def duel(self, vertical: str) -> Duel:
        return Duel(vertical, self.champion(vertical), self.best_challenger(vertical))
