"""Score one segment for one window of time."""

from __future__ import annotations

import importlib
from datetime import date, timedelta
from typing import Any

import pandas as pd

from scorewatch.registry import challengers, champion
from scorewatch.settings import SETTINGS, Keys


class BatchScorer:
    """Loads the champion once and scores windows with it."""

    def __init__(self, segment: str) -> None:
        self.segment = segment
        self._mlflow: Any = importlib.import_module("mlflow")
        self._champion = champion(segment)
        self._model: Any = None

    @property
    def model(self) -> Any:
        if self._model is None:
            uri = f"runs:/{self._champion.info.run_id}/model"
            self._model = self._mlflow.pyfunc.load_model(uri)
        return self._model

    def _window_tags(self, day: date, frame: pd.DataFrame, source: str) -> dict[str, str]:
        tags = {
            Keys.WINDOW_START: day.isoformat(),
            Keys.WINDOW_END: (day + timedelta(days=1)).isoformat(),
            Keys.WINDOW_ROWS: str(len(frame)),
            Keys.WINDOW_SOURCE: source,
            Keys.SEGMENT: self.segment,
        }
        return tags

    def score(self, day: date, frame: pd.DataFrame, source: str) -> pd.DataFrame:
        self._mlflow.set_experiment(SETTINGS.scoring)
        with self._mlflow.start_run(
            run_name=f"{self.segment}-{day:%Y%m%d}",
            tags=self._window_tags(day, frame, source),
        ):
            scores = pd.Series(self.model.predict(frame), index=frame.index)
            self._mlflow.set_tag("champion.run_id", self._champion.info.run_id)
            self._mlflow.log_metrics(
                {"score.mean": float(scores.mean()), "score.p95": float(scores.quantile(0.95))}
            )
        return frame.assign(score=scores)

    def shadow(self, frame: pd.DataFrame) -> dict[str, float]:
        """How far the challengers are from the champion."""
        base = pd.Series(self.model.predict(frame))
        distance = {}
        for run in challengers(self.segment):
            other = self._mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model")
            distance[run.info.run_id] = float((pd.Series(other.predict(frame)) - base).abs().mean())
        return distance

    def already_scored(self, day: date) -> bool:
        runs = self._mlflow.search_runs(
            experiment_names=[SETTINGS.scoring],
            filter_string=(
                f"tags.`window.start` = '{day.isoformat()}' "
                f"and tags.`scorewatch.segment` = '{self.segment}' "
                "and attributes.status = 'FINISHED'"
            ),
            max_results=1,
        )
        return not runs.empty
