"""Cross validation: one child run for each fold."""

from __future__ import annotations

import statistics
from dataclasses import replace

import mlflow

from lumenvision.configs import TrainConfig
from lumenvision.trainer import Trainer


class CrossValidation:
    def __init__(self, config: TrainConfig, folds: int = 5) -> None:
        self.config = config
        self.folds = folds
        self._client = mlflow.MlflowClient()

    def _fold(self, experiment_id: str, parent_id: str, index: int) -> float:
        tags = {"cv.fold": str(index)}
        tags["mlflow.parentRunId"] = parent_id
        tags["mlflow.runName"] = f"fold-{index}"
        child = self._client.create_run(experiment_id, tags=tags)
        trainer = Trainer(replace(self.config, seed=self.config.seed + index))
        score = max(trainer.epoch(n)["mAP"] for n in range(self.config.epochs))
        self._client.log_metric(child.info.run_id, "val/mAP", score)
        self._client.set_terminated(child.info.run_id)
        return score

    def run(self) -> float:
        experiment = mlflow.set_experiment(self.config.experiment)
        with mlflow.start_run(run_name="cross-validation", tags={"cv.stage": "cv"}) as parent:
            scores = [
                self._fold(experiment.experiment_id, parent.info.run_id, index)
                for index in range(self.folds)
            ]
            mlflow.log_metric("val/mAP_mean", statistics.mean(scores))
            mlflow.log_metric("val/mAP_std", statistics.pstdev(scores))
        return statistics.mean(scores)

    def worst_fold(self, parent_id: str) -> str:
        """The fold to look at first."""
        experiment = self._client.get_experiment_by_name(self.config.experiment)
        runs = self._client.search_runs(
            experiment.experiment_id,
            filter_string=f"tags.mlflow.parentRunId = '{parent_id}'",
            order_by=["metrics.`val/mAP` ASC"],
            max_results=1,
        )
        return runs[0].info.run_id
