"""Search over the parameters of the gbm, one child run for each trial."""
from __future__ import annotations

import getpass
import itertools
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID, MLFLOW_RUN_NAME

from demandcast.infrastructure.git import current_commit
from demandcast.infrastructure.tracking.gateway import TrackingGateway
from demandcast.training.data import folds, read_region
from demandcast.training.features import snapshot_of, split_xy
from demandcast.training.models import make, mape

GRID = {"learning_rate": [0.03, 0.06, 0.1], "max_leaf_nodes": [15, 31, 63]}


class Sweep:
    """Grid search of one region; uses the client so that trials can go on in threads."""

    def __init__(self, region: str, horizon: int, gateway: TrackingGateway | None = None) -> None:
        self.region = region
        self.horizon = horizon
        self.gateway = gateway or TrackingGateway()
        self.client: MlflowClient = self.gateway.client
        self.frame = read_region(region)
        self.experiment_id = self.gateway.ensure_experiment(region)

    def _parent(self) -> Run:
        origin = dict(
            [
                ("dc.region", self.region),
                ("dc.horizon", str(self.horizon)),
                ("dc.snapshot", snapshot_of(self.frame)),
                ("dc.git_commit", current_commit()),
                ("dc.built_by", getpass.getuser()),
            ]
        )
        origin["dc.role"] = "sweep"
        return self.client.create_run(self.experiment_id, run_name=f"sweep-{self.region}", tags=origin)

    def _trial(self, parent_id: str, number: int, params: dict[str, Any]) -> Run:
        run = self.client.create_run(
            self.experiment_id,
            tags={MLFLOW_PARENT_RUN_ID: parent_id, MLFLOW_RUN_NAME: f"trial-{number:03d}", "dc.role": "trial"},
        )
        for key, value in params.items():
            self.client.log_param(run.info.run_id, key, value)
        return run

    def _fold(self, trial: Run, index: int, valid) -> str:
        labels = {MLFLOW_PARENT_RUN_ID: trial.info.run_id, MLFLOW_RUN_NAME: f"fold-{index}"}
        labels["dc.fold"] = str(index)
        labels["dc.valid_from"] = str(valid.index.min().date())
        labels["dc.valid_to"] = str(valid.index.max().date())
        child = self.client.create_run(experiment_id=self.experiment_id, tags=labels)
        return child.info.run_id

    def run(self) -> str:
        parent = self._parent()
        names = sorted(GRID)
        for number, values in enumerate(itertools.product(*(GRID[name] for name in names))):
            params = dict(zip(names, values))
            trial = self._trial(parent.info.run_id, number, params)
            scores = []
            for index, train, valid in folds(self.frame, 3, 14):
                fold_id = self._fold(trial, index, valid)
                model = make("gbm", params).fit(*split_xy(train))
                x, y = split_xy(valid)
                scores.append(mape(y, model.predict(x)))
                self.client.log_metric(fold_id, "val_mape", scores[-1])
                self.client.set_terminated(fold_id)
            self.client.log_metric(trial.info.run_id, "val_mape", sum(scores) / len(scores))
            self.client.set_terminated(trial.info.run_id)
        self.client.set_terminated(parent.info.run_id)
        return parent.info.run_id

    def winner(self, parent_id: str) -> Run:
        """The best trial."""
        hits = self.client.search_runs(
            experiment_ids=[self.experiment_id],
            filter_string=(
                f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{parent_id}' "
                "and tags.`dc.role` = 'trial' and attributes.status = 'FINISHED'"
            ),
            order_by=["metrics.val_mape ASC"],
            max_results=1,
        )
        if not hits:
            raise LookupError(f"sweep {parent_id} has no finished trial")
        return hits[0]

    def folds_of(self, trial_id: str) -> list[Run]:
        return list(
            self.client.search_runs([self.experiment_id], f"tags.`{MLFLOW_PARENT_RUN_ID}` = '{trial_id}'")
        )
