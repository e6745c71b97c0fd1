"""Compare the features of today with those the champion was trained on."""
from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from mlflow.artifacts import load_dict
from mlflow.tracking.client import MlflowClient

from fraudscore import features, storage
from fraudscore.constants import EXPERIMENT_BATCH, TAG_DAY


def psi(expected: np.ndarray, actual: np.ndarray, bins: int = 10) -> float:
    edges = np.quantile(expected, np.linspace(0, 1, bins + 1))
    e = np.histogram(expected, edges)[0] / max(len(expected), 1) + 1e-6
    a = np.histogram(actual, edges)[0] / max(len(actual), 1) + 1e-6
    return float(np.sum((a - e) * np.log(a / e)))


class DriftCheck:
    def __init__(self, model: str = "fraudscore") -> None:
        self.model = model
        self.client = MlflowClient()

    def _reference(self) -> dict:
        alias = self.client.get_model_version_by_alias(name=self.model, alias="champion")
        run = self.client.get_run(alias.run_id)
        return load_dict(f"{run.info.artifact_uri}/reference.json")

    def measure(self, day: date) -> dict[str, float]:
        reference = self._reference()
        today = features.table(storage.read_payments(day))
        return {name: psi(np.array(values), today[name].to_numpy()) for name, values in reference.items()}

    def log(self, day: date) -> None:
        drift = self.measure(day)
        experiment = self.client.get_experiment_by_name(EXPERIMENT_BATCH)
        if experiment is None:
            return
        runs = self.client.search_runs([experiment.experiment_id], f"tags.`{TAG_DAY}` = '{day.isoformat()}'")
        for run in runs:
            for name, value in drift.items():
                self.client.log_metric(run.info.run_id, f"psi_{name}", value)

    def history(self) -> pd.DataFrame:
        import mlflow

        frame = mlflow.search_runs(experiment_names=[EXPERIMENT_BATCH], filter_string="metrics.psi_night >= 0")
        return frame[[c for c in frame.columns if c.startswith("metrics.psi_")]]
