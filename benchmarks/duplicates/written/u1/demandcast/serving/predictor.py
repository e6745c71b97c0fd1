"""Loads store models for the replenishment service. Keep this free of Spark."""
import logging
import threading
import time
from datetime import datetime
from typing import Any, Dict, Optional, Tuple

import mlflow
import pandas as pd
from mlflow.tracking import MlflowClient

LOG = logging.getLogger(__name__)
TTL = 6 * 3600


class ModelMissing(RuntimeError):
    """No usable model for the store."""


class StorePredictor:
    def __init__(self, tracking_uri: str, experiment_id: str):
        mlflow.set_tracking_uri(tracking_uri)
        self._c = MlflowClient()
        self._exp = experiment_id
        self._cache: Dict[str, Tuple[float, Any]] = {}
        self._lock = threading.Lock()

    def _pick(self, store: str) -> str:
        # all runs of the store, ours to choose
        best_id, best = None, float("inf")
        for r in self._c.search_runs([self._exp], f'tags."dc.store" = "{store}"', max_results=1000):
            if r.info.status != "FINISHED":
                continue
            score = r.data.metrics.get("wape")
            if score is not None and score < best:
                best_id, best = r.info.run_id, score
        if best_id is None:
            raise ModelMissing(store)
        return best_id

    def _fresh_enough(self, run_id: str, max_age_days: int = 90) -> bool:
        tags = self._c.get_run(run_id).data.tags
        lo, hi = [datetime.strptime(p, "%Y-%m-%d").date() for p in tags["dc.train_window"].split(":")]
        return (datetime.utcnow().date() - hi).days <= max_age_days

    def model(self, store: str):
        with self._lock:
            hit = self._cache.get(store)
            if hit and time.time() - hit[0] < TTL:
                return hit[1]
        run_id = self._pick(store)
        if not self._fresh_enough(run_id):
            LOG.warning("model of %s is stale (%s)", store, run_id)
        loaded = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
        with self._lock:
            self._cache[store] = (time.time(), loaded)
        return loaded

    def predict(self, store: str, frame: pd.DataFrame) -> pd.Series:
        yhat = self.model(store).predict(frame)
        out = pd.Series(yhat, index=frame.index).clip(lower=0)
        return out.round(2)

    def family(self, run_id: str) -> Optional[str]:
        return self._c.get_run(run_id).data.tags.get("dc.family")
