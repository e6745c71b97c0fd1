from __future__ import annotations

import mlflow
from mlflow.tracking import MlflowClient

from aerocv.data.tiles import fingerprint
from aerocv.settings import TrainSettings
from aerocv.tracking import PARENT, TAG_FOLD, folds_of, git_commit


class CrossValidation:
    def __init__(self, settings: TrainSettings, runner):
        self.settings = settings
        self.runner = runner
        self.client = MlflowClient()

    def _experiment_id(self) -> str:
        try:
            return self.client.create_experiment(self.settings.experiment)
        except mlflow.exceptions.MlflowException:
            return self.client.get_experiment_by_name(self.settings.experiment).experiment_id

    def _open_fold(self, parent_id: str, experiment_id: str, fold: int) -> str:
        tags = {PARENT: parent_id, TAG_FOLD: str(fold)}
        tags["cv.image_size"] = str(self.settings.image_size)
        run = self.client.create_run(experiment_id, tags=tags, run_name=f"fold-{fold}")
        return run.info.run_id

    def run(self) -> str:
        experiment_id = self._experiment_id()
        tags = {"cv.stage": "crossval"}
        tags["cv.backbone"] = self.settings.backbone
        tags["cv.dataset_fingerprint"] = fingerprint(self.settings.data_root)
        tags["cv.git_commit"] = git_commit()
        parent = self.client.create_run(experiment_id, tags=tags, run_name="crossval")
        parent_id = parent.info.run_id
        for fold in range(self.settings.folds):
            fold_id = self._open_fold(parent_id, experiment_id, fold)
            status = "FINISHED"
            try:
                score = self.runner(self.settings, fold)
                self.client.log_metric(fold_id, "val_map", score)
            except RuntimeError:
                status = "FAILED"
            self.client.set_terminated(fold_id, status)
        best = self.best_fold(parent)
        self.client.set_tag(parent_id, "cv.best_fold", best)
        self.client.set_terminated(parent_id)
        return parent_id

    def best_fold(self, parent) -> str:
        folds = folds_of(self.client, parent)
        scored = [run for run in folds if "val_map" in run.data.metrics]
        winner = max(scored, key=lambda run: run.data.metrics["val_map"])
        return winner.info.run_id
