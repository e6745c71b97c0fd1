"""Backtests: a parent run and one child run for each cutoff."""

from __future__ import annotations

import copy
import logging
from dataclasses import dataclass, field
from typing import List

import mlflow
import pandas as pd
from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID

from seasonly import __version__
from seasonly.metrics import evaluate
from seasonly.models import Forecaster

log = logging.getLogger(__name__)


@dataclass
class Fold:
    cutoff: pd.Timestamp
    metrics: dict
    run_id: str = ""


@dataclass
class Backtest:
    """Walk forward over a series."""

    model: Forecaster
    horizon: int = 14
    folds: int = 4
    experiment: str = "forecast/backtest"
    results: List[Fold] = field(default_factory=list)

    def _experiment_id(self) -> str:
        found = mlflow.get_experiment_by_name(self.experiment)
        if found:
            exp_id = found.experiment_id
        else:
            log.info("creating experiment %s", self.experiment)
            exp_id = mlflow.create_experiment(self.experiment)
        return exp_id

    def cutoffs(self, y: pd.Series) -> list:
        return [y.index[-1 - self.horizon * k] for k in range(self.folds, 0, -1)]

    def run(self, y: pd.Series, series_name: str) -> str:
        exp_id = self._experiment_id()
        with mlflow.start_run(experiment_id=exp_id, run_name=f"backtest {series_name}") as parent:
            mlflow.set_tag("seasonly.series", series_name)
            mlflow.set_tag("seasonly.model", self.model.__class__.__name__)
            mlflow.set_tag("seasonly.freq", self.model.freq)
            mlflow.set_tag("seasonly.cutoff", y.index.max().isoformat())
            mlflow.set_tag("seasonly.version", __version__)
            mlflow.log_params({"horizon": self.horizon, "folds": self.folds})
            for number, cutoff in enumerate(self.cutoffs(y)):
                self.results.append(self._fold(number, cutoff, y, exp_id, parent.info.run_id))
            frame = pd.DataFrame([f.metrics for f in self.results])
            mlflow.log_metrics({f"mean_{k}": v for k, v in frame.mean().items()})
            return parent.info.run_id

    def _fold(self, number: int, cutoff: pd.Timestamp, y: pd.Series, exp_id: str, parent_id: str) -> Fold:
        past = y.loc[:cutoff]
        future = y.loc[cutoff:].iloc[1 : self.horizon + 1]
        model = copy.deepcopy(self.model).fit(past)
        metrics = evaluate(future, model.predict(len(future)), past)
        with mlflow.start_run(
            experiment_id=exp_id,
            run_name=f"fold-{number}",
            nested=True,
            tags={
                MLFLOW_PARENT_RUN_ID: parent_id,
                "seasonly.fold": str(number),
                "seasonly.cutoff": cutoff.isoformat(),
                "seasonly.horizon": str(self.horizon),
            },
        ) as child:
            mlflow.log_metrics(metrics)
        return Fold(cutoff, metrics, child.info.run_id)


def fold_table(parent_id: str, experiment_id: str) -> pd.DataFrame:
    """All folds of one backtest as a table."""
    return mlflow.search_runs(
        [experiment_id],
        filter_string=f"tags.{MLFLOW_PARENT_RUN_ID} = '{parent_id}'",
        order_by=["tags.`seasonly.cutoff` ASC"],
    )
