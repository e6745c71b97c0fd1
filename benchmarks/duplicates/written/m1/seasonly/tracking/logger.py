"""Log forecasts into runs."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import Any, Dict, Iterator, Optional

import mlflow
import pandas as pd

from seasonly import __version__
from seasonly.flavors import mlflow_flavor
from seasonly.models import Forecaster
from seasonly.tracking.experiment import get_or_create_experiment

_BAD = re.compile(r"[^A-Za-z0-9_./ -]")


def clean(value: Any) -> str:
    """A tag value that every backend takes."""
    return _BAD.sub("_", str(value))[:250]


class ForecastLogger:
    """Writes one fitted model, its parameters and its errors into a run."""

    def __init__(self, experiment: str, series_name: str, extra_tags: Optional[Dict[str, str]] = None):
        self.experiment_id = get_or_create_experiment(experiment)
        self.series_name = series_name
        self.extra_tags = extra_tags or {}

    def tags_for(self, model: Forecaster, y: pd.Series) -> Dict[str, str]:
        tags = {
            "seasonly.series": clean(self.series_name),
            "seasonly.model": type(model).__name__,
            "seasonly.freq": model.freq,
            "seasonly.cutoff": y.index[-1].isoformat(),
            "seasonly.version": __version__,
        }
        tags.update({k: clean(v) for k, v in self.extra_tags.items()})
        return tags

    @contextmanager
    def run(self, model: Forecaster, y: pd.Series, name: Optional[str] = None) -> Iterator[mlflow.ActiveRun]:
        with mlflow.start_run(
            experiment_id=self.experiment_id,
            run_name=name or f"{self.series_name}-{type(model).__name__}",
            tags=self.tags_for(model, y),
        ) as active:
            mlflow.log_params(model.get_params())
            yield active

    def log(self, model: Forecaster, y: pd.Series, metrics: Dict[str, float]) -> str:
        with self.run(model, y) as active:
            mlflow.log_metrics(metrics)
            mlflow_flavor.log_model(model, "model")
            return active.info.run_id
