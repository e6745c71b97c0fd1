"""Two-tower candidate model. (Marta, before there was tracking.py)"""
import logging
import os
import time

import mlflow
import numpy as np
from mlflow.exceptions import MlflowException

from recsys.features import FeatureSet

LOG = logging.getLogger(__name__)
EXPERIMENT = "reco/candidates"


class CandidateTrainer:
    DIM = 64

    def __init__(self, market, feature_set: FeatureSet, epochs=5):
        self.market = market
        self.fs = feature_set
        self.epochs = epochs
        self.client = mlflow.tracking.MlflowClient(os.environ["RECO_TRACKING_URI"])

    def _activate(self):
        exp = mlflow.get_experiment_by_name(EXPERIMENT)
        if exp and exp.lifecycle_stage == "deleted":
            LOG.info("%s was deleted, restoring", EXPERIMENT)
            self.client.restore_experiment(exp.experiment_id)
        mlflow.set_experiment(EXPERIMENT)

    def _previous(self):
        """A run with the same features needs no retraining within a week"""
        exp = self.client.get_experiment_by_name(EXPERIMENT)
        query = []
        query.append("tags.feature_hash = '%s'" % self.fs.digest())
        query.append("tags.market = '%s'" % self.market)
        query.append("status = 'FINISHED'")
        found = self.client.search_runs(exp.experiment_id, " and ".join(query),
                                        order_by=["attributes.start_time desc"])
        if found:
            return found[0]

    def _fresh(self, run):
        return time.time() - run.info.start_time / 1000 < 7 * 86400

    def _batches(self, n, size=1024):
        rng = np.random.default_rng(7)
        order = rng.permutation(n)
        for i in range(0, n, size):
            yield order[i:i + size]

    def _step(self, users, items, batch):
        scores = users[batch] @ items[batch].T
        p = np.exp(scores - scores.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        grad = p - np.eye(len(batch))
        users[batch] -= 0.05 * grad @ items[batch]
        return float(-np.log(np.diag(p) + 1e-9).mean())

    def fit(self, users, items):
        self._activate()
        old = self._previous()
        if old is not None and self._fresh(old):
            LOG.info("reusing %s", old.info.run_id)
            return old.info.run_id
        with mlflow.start_run(run_name=f"cand-{self.market}-{time.strftime('%G-W%V')}") as run:
            mlflow.set_tag("model_kind", "candidate")
            mlflow.set_tag("market", self.market)
            mlflow.set_tag("feature_hash", self.fs.digest())
            mlflow.set_tag("feature_set", self.fs.name)
            mlflow.set_tag("feature_count", len(self.fs.columns))
            mlflow.set_tag("feature_schema", self.fs.schema_version)
            mlflow.log_param("dim", self.DIM)
            for ep in range(self.epochs):
                losses = [self._step(users, items, b) for b in self._batches(len(users))]
                mlflow.log_metric("loss", float(np.mean(losses)), step=ep)
            try:
                mlflow.log_dict({"dim": self.DIM, "n": len(items)}, "index.json")
            except MlflowException:
                LOG.exception("index.json")
            return run.info.run_id

    def best_recall(self):
        exp = self.client.get_experiment_by_name(EXPERIMENT)
        rs = self.client.search_runs([exp.experiment_id], f"tags.market = '{self.market}'",
                                     order_by=["metrics.recall_200 DESC"], max_results=1)
        return rs[0] if rs else None
