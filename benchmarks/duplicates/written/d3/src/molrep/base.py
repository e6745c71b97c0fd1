from __future__ import annotations

import abc
import logging

import mlflow

from molrep.data import GraphDataset
from molrep.mixins import CheckpointMixin, ChildRunMixin
from molrep.models import Encoder

logger = logging.getLogger(__name__)


class Experiment(ChildRunMixin, CheckpointMixin, abc.ABC):
    experiment_name = "molrep"
    phase: str

    def __init__(self, dataset: GraphDataset, epochs: int = 50, batch: int = 64, lr: float = 1e-3):
        self.dataset = dataset
        self.epochs = epochs
        self.batch = batch
        self.lr = lr

    def dataset_tags(self) -> dict[str, str]:
        ds = self.dataset
        return {
            "data.name": ds.name,
            "data.split": ds.split,
            "data.size": str(len(ds)),
            "data.fingerprint": ds.fingerprint(),
            "data.seed": str(ds.seed),
        }

    def extra_tags(self) -> dict[str, str]:
        return {}

    def execute(self) -> str:
        mlflow.set_experiment(experiment_id=self.experiment_id)
        tags = {"phase": self.phase, **self.dataset_tags(), **self.extra_tags()}
        with mlflow.start_run(run_name=f"{self.phase}-{self.dataset.name}", tags=tags) as run:
            mlflow.log_params({"epochs": self.epochs, "batch": self.batch, "lr": self.lr})
            self.body(run.info.run_id)
            return run.info.run_id

    @abc.abstractmethod
    def body(self, run_id: str) -> None: ...


def arch_tags(encoder: Encoder) -> dict[str, str]:
    return {"arch.kind": encoder.kind, "arch.layers": ",".join(map(str, encoder.layers))}
