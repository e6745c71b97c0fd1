"""Average the predictions of chosen trials."""

from __future__ import annotations

import mlflow
import numpy as np
from mlflow import MlflowClient

from tabformer import runs


class Ensemble:
    def __init__(self, sweep_id: str, numbers: list[int]):
        self.client = MlflowClient()
        self.sweep = self.client.get_run(sweep_id)
        self.members = [self._member(n) for n in numbers]

    def _member(self, number: int):
        mine = runs.trials_of(self.client, self.sweep)
        by_number = {t.data.tags.get(runs.TRIAL): t for t in mine}
        return by_number.get(str(number))

    def predict(self, X) -> np.ndarray:
        models = [mlflow.pytorch.load_model(f"runs:/{m.info.run_id}/model") for m in self.members if m]
        if not models:
            raise RuntimeError("no member has a model")
        return np.mean([model(X).detach().numpy() for model in models], axis=0)

    def weights(self, objective: str = "rmse") -> np.ndarray:
        errors = np.array([m.data.metrics[objective] for m in self.members if m])
        inverse = 1 / errors
        return inverse / inverse.sum()
