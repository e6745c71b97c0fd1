"""Jobs that score with the live model."""

from __future__ import annotations

import datetime as dt

import mlflow
import pandas as pd
from mlflow.exceptions import MlflowException

from substation_ml.config import Settings


class ScoringJob:
    def __init__(self, project: str, settings: Settings = Settings()) -> None:
        self.project = project
        self.settings = settings
        self.client = mlflow.MlflowClient()

    def training_run_id(self) -> str:
        name = self.settings.model_name(self.project)
        try:
            mv = self.client.get_model_version_by_alias(name, self.settings.stage_alias)
        except MlflowException:
            candidates = self.client.search_model_versions(f"name = '{name}'")
            if not candidates:
                raise RuntimeError(f"no version of {name}")
            mv = sorted(candidates, key=lambda v: int(v.version))[-1]
        run = self.client.get_run(mv.run_id)
        return run.info.run_id

    def run(self, frame: pd.DataFrame) -> pd.Series:
        train_id = self.training_run_id()
        model = mlflow.pyfunc.load_model(f"runs:/{train_id}/model")
        result = model.predict(frame)
        with mlflow.start_run(run_name=f"score {self.project}"):
            mlflow.set_tags(
                {
                    "subml.training_run": train_id,
                    "subml.scored_on": dt.date.today().isoformat(),
                    "subml.rows": str(len(frame)),
                }
            )
        return pd.Series(result, index=frame.index)
