from __future__ import annotations

import pickle
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mlflow.tracking import MlflowClient
from sklearn.model_selection import train_test_split

from riskhub.adapters.warehouse import columns_of
from riskhub.core.model import Portfolio, RunTags
from riskhub.core.ports import RunStore, Warehouse
from riskhub.core.scorecard import Scorecard
from riskhub.core.settings import Settings


@dataclass
class TrainingService:
    store: RunStore
    warehouse: Warehouse
    client: MlflowClient
    conf: Settings

    def train(self, portfolio: Portfolio, as_of: date) -> str:
        df = self.warehouse.applications(portfolio, as_of.isoformat())
        x, y = df[columns_of(portfolio)], df["defaulted"]
        tags = RunTags(portfolio, as_of, self.conf.env, self.conf.tracking.owner)
        run_id = self.store.open(tags, f"{portfolio.value}-{as_of:%Y%m}")
        ok = False
        try:
            x_tr, x_te, y_tr, y_te = train_test_split(x, y, test_size=0.25, stratify=y, random_state=7)
            card = Scorecard().fit(x_tr, y_tr)
            self.client.log_metric(run_id, "gini", card.gini(x_te, y_te))
            self.client.log_metric(run_id, "gini_train", card.gini(x_tr, y_tr))
            self._keep(run_id, card)
            ok = True
        finally:
            self.store.close(run_id, ok)
        return run_id

    def _keep(self, run_id: str, card: Scorecard) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            path = Path(tmp, "scorecard.pkl")
            path.write_bytes(pickle.dumps(card))
            self.client.log_artifact(run_id, str(path))
