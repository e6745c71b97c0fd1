"""Tries several kinds of models and keeps what it saw."""

import json
import logging
from typing import Any, Dict

import lightgbm as lgb
import mlflow
import numpy as np
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import KFold

from churncast.settings import OWNER, Target

log = logging.getLogger(__name__)

CANDIDATES = {
    "ridge": lambda: Ridge(alpha=1.0),
    "lgbm-small": lambda: lgb.LGBMRegressor(num_leaves=15, n_estimators=200),
    "lgbm-large": lambda: lgb.LGBMRegressor(num_leaves=127, n_estimators=600),
}


class AutoML:
    def __init__(self, target: Target, job: str = "automl") -> None:
        self.target = target
        self.job = job
        self.experiment_id = self._experiment()

    def _experiment(self) -> str:
        found = mlflow.get_experiment_by_name(self.target.experiment)
        if found is not None:
            if found.lifecycle_stage == "deleted":
                log.warning("%s was deleted, restoring it", self.target.experiment)
                mlflow.MlflowClient().restore_experiment(found.experiment_id)
            return found.experiment_id
        return mlflow.create_experiment(self.target.experiment, tags={"owner": OWNER})

    def _score(self, make: Any, x: Any, y: Any) -> float:
        errors = []
        for train, held in KFold(5, shuffle=True, random_state=11).split(x):
            model = make().fit(x.iloc[train], y.iloc[train])
            errors.append(np.sqrt(mean_squared_error(y.iloc[held], model.predict(x.iloc[held]))))
        return float(np.mean(errors))

    def run(self, x: Any, y: Any) -> Dict[str, float]:
        scores = {}
        for name, make in CANDIDATES.items():
            tags = {"target": self.target.name, "job": self.job}
            tags["owner"] = OWNER
            tags["feature_set"] = self.target.feature_set
            tags["rows"] = str(x.shape[0])
            tags["features"] = json.dumps(list(x.columns))
            with mlflow.start_run(experiment_id=self.experiment_id, run_name=name, tags=tags):
                scores[name] = self._score(make, x, y)
                mlflow.log_metric("val_rmse", scores[name])
        return scores
