"""The trainer of one model."""

from __future__ import annotations

import random
from typing import Any

import mlflow

from lumenvision.configs import TrainConfig
from lumenvision.mixins import MetricMixin, TagMixin


class Trainer(TagMixin, MetricMixin):
    """Train one model in one run."""

    def __init__(self, config: TrainConfig) -> None:
        self.config = config
        self.rng = random.Random(config.seed)

    def epoch(self, number: int) -> dict[str, float]:
        base = 1 - 1 / (number + 2)
        return {"mAP": base * self.rng.uniform(0.8, 0.9), "loss": 1 / (number + 1)}

    def fit(self, resume_from: str | None = None) -> str:
        if resume_from:
            run = mlflow.start_run(run_id=resume_from)
        else:
            run = mlflow.start_run(
                experiment_id=self.experiment_id,
                run_name=f"{self.config.backbone}-{self.config.seed}",
                tags=self.run_tags(),
            )
        with run:
            if not resume_from:
                mlflow.log_params(self.config.flat())
            first = self._next_epoch(run.info.run_id) if resume_from else 0
            for number in range(first, self.config.epochs):
                self.log_epoch(run.info.run_id, "val", number, self.epoch(number))
        return run.info.run_id

    def _next_epoch(self, run_id: str) -> int:
        history = self.client.get_metric_history(run_id, "val/loss")
        return max((point.step for point in history), default=-1) + 1

    def pretrained_run(self) -> str | None:
        """The run whose weights this one starts from."""
        runs = self.client.search_runs(
            [self.experiment_id],
            f"tags.`cv.stage` = 'pretrain' and tags.`cv.backbone` = '{self.config.backbone}'",
            order_by=["attribute.start_time DESC"],
            max_results=1,
        )
        return runs[0].info.run_id if runs else None


def main(**overrides: Any) -> None:
    print(Trainer(TrainConfig(**overrides)).fit())


if __name__ == "__main__":
    main()
