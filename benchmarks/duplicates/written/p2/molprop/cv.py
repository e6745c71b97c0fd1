"""Cross-validation: one parent, a child run per fold."""
from __future__ import annotations

import logging
import statistics as st

import mlflow
from mlflow.tracking import MlflowClient

from molprop.config import TrainConfig
from molprop.data import folds, load_table, table_sha
from molprop.tracking.runs import children
from molprop.train import Trainer

logger = logging.getLogger(__name__)


class CrossValidation:
    def __init__(self, cfg: TrainConfig, collate):
        self.cfg = cfg
        self.collate = collate
        self.client = MlflowClient()
        self.table = load_table(cfg.data)

    def _describe(self) -> None:
        d = self.cfg.data
        mlflow.set_tag("assay", d.assay)
        mlflow.set_tag("split", d.split)
        mlflow.set_tag("targets", ", ".join(d.targets))
        mlflow.set_tag("data_sha", table_sha(self.table))
        mlflow.set_tag("n_mols", len(self.table))

    def _complete_parent(self):
        """A finished CV of the same configuration (we don't compute it twice)."""
        hits = self.client.search_runs(
            [self._exp()],
            f"tags.config_hash = '{self.cfg.digest()}' and tags.role = 'cv' and attributes.status = 'FINISHED'",
            order_by=["attributes.start_time DESC"],
            max_results=1,
        )
        return hits[0] if hits else None

    def _exp(self) -> str:
        return mlflow.set_experiment(self.cfg.experiment).experiment_id

    def _run_fold(self, k, train_idx, test_idx) -> float:
        with mlflow.start_run(
            run_name=f"fold-{k}",
            nested=True,
            tags={"fold": str(k), "role": "fold", "config_hash": self.cfg.digest()},
        ):
            trainer = Trainer(self.cfg)
            score = trainer.fit(train_idx, test_idx, self.collate)
            mlflow.log_metric("fold_rmse", score)
        return score

    def execute(self) -> float:
        done = self._complete_parent()
        if done is not None:
            logger.info("already there: %s", done.info.run_id)
            return done.data.metrics["cv_rmse"]
        with mlflow.start_run(run_name=f"cv-{self.cfg.data.assay}") as parent:
            mlflow.set_tags({"role": "cv", "config_hash": self.cfg.digest()})
            self._describe()
            scores = [self._run_fold(*f) for f in folds(self.table, self.cfg.data)]
            mlflow.log_metrics({"cv_rmse": st.mean(scores), "cv_rmse_sd": st.pstdev(scores)})
            n = len(children(self.client, parent))
            if n != self.cfg.data.n_folds:
                logger.error("%d children instead of %d", n, self.cfg.data.n_folds)
        return st.mean(scores)
