"""Mixins that give a trainer its tracking."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from lumenvision.configs import RunTag, TrainConfig

logger = logging.getLogger(__name__)


class ExperimentMixin:
    """Knows the experiment of a trainer."""

    config: TrainConfig
    _client: MlflowClient | None = None

    @property
    def client(self) -> MlflowClient:
        if self._client is None:
            self._client = MlflowClient()
        return self._client

    @property
    def experiment_id(self) -> str:
        exp = self.client.get_experiment_by_name(self.config.experiment)
        if exp is not None:
            return exp.experiment_id
        return self.client.create_experiment(self.config.experiment)


class TagMixin:
    """Builds the tags of a trainer's run."""

    config: TrainConfig

    def run_tags(self, stage: str = "train") -> dict[str, str]:
        data = self.config.data
        return {
            RunTag.TASK.value: self.config.task.value,
            RunTag.BACKBONE.value: self.config.backbone,
            RunTag.DATASET.value: data.name,
            RunTag.DATASET_VERSION.value: data.version,
            RunTag.IMAGE_SIZE.value: "x".join(map(str, data.image_size)),
            RunTag.STAGE.value: stage,
        }


class ChildRunMixin(ExperimentMixin):
    """Opens child runs through the client, so that worker threads can do it too."""

    parent_run_id: str

    @contextlib.contextmanager
    def child_run(self, name: str, tags: dict[str, str] | None = None) -> Iterator[Run]:
        run = self.client.create_run(
            self.experiment_id,
            tags={**(tags or {}), "mlflow.parentRunId": self.parent_run_id},
            run_name=name,
        )
        try:
            yield run
        except BaseException:
            self.client.set_terminated(run.info.run_id, status="FAILED")
            raise
        self.client.set_terminated(run.info.run_id)


class MetricMixin(ExperimentMixin):
    """Logs metrics of an epoch, with a prefix for the split."""

    def log_epoch(self, run_id: str, split: str, epoch: int, values: dict[str, float]) -> None:
        for key, value in values.items():
            self.client.log_metric(run_id, f"{split}/{key}", value, step=epoch)

    def finished_children(self, parent_run_id: str) -> list[Run]:
        return list(
            self.client.search_runs(
                [self.experiment_id],
                f"tags.mlflow.parentRunId = '{parent_run_id}' and status = 'FINISHED'",
            )
        )
