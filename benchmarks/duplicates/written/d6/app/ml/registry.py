"""Which run to serve."""
from __future__ import annotations

import json
import logging
from dataclasses import dataclass

from mlflow import MlflowClient
from mlflow.entities import Run

from app.config import Config

log = logging.getLogger("uvicorn.error")


@dataclass(frozen=True)
class ServingSpec:
    run_id: str
    labels: list[str]
    max_len: int
    threshold: float

    @classmethod
    def from_run(cls, run: Run) -> ServingSpec:
        tags = run.data.tags
        return cls(
            run_id=run.info.run_id,
            labels=json.loads(tags["serve.labels"]),
            max_len=int(tags.get("serve.max_len", 4000)),
            threshold=float(tags.get("serve.threshold", 0.5)),
        )


class RunRegistry:
    def __init__(self, config: Config, client: MlflowClient | None = None):
        self.config = config
        self.client = client or MlflowClient(config.mlflow_uri)

    def _train_experiment_id(self) -> str:
        exp = self.client.get_experiment_by_name(self.config.train_experiment)
        if exp is None:
            raise RuntimeError(f"unknown experiment {self.config.train_experiment}")
        return exp.experiment_id

    def latest_for(self, dataset: str) -> Run | None:
        runs = self.client.search_runs(
            experiment_ids=[self._train_experiment_id()],
            filter_string=f"params.dataset = '{dataset}' AND attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return runs[0] if runs else None

    def best_for(self, dataset: str) -> Run:
        runs = self.client.search_runs(
            experiment_ids=[self._train_experiment_id()],
            filter_string=f"params.dataset = '{dataset}' AND attributes.status = 'FINISHED'",
            order_by=["metrics.f1_macro DESC", "attributes.start_time DESC"],
            max_results=1,
        )
        if not runs:
            raise LookupError(f"no model for {dataset}")
        return runs[0]

    def spec(self) -> ServingSpec:
        run = self.best_for(self.config.dataset)
        log.info("serving %s", run.info.run_id)
        return ServingSpec.from_run(run)
