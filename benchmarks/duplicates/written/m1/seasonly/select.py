"""Choose the model that wins the backtests."""

from __future__ import annotations

from typing import Optional

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.entities import Run

from seasonly.flavors.mlflow_flavor import load_model


class NoBacktest(LookupError):
    """There is no backtest to choose from."""


def best_backtest(experiment_name: str, series: str, client: Optional[MlflowClient] = None) -> Run:
    """The finished backtest of a series with the lowest mean MAE."""
    client = client or MlflowClient()
    exp = client.get_experiment_by_name(experiment_name)
    if exp is None:
        raise NoBacktest(experiment_name)
    found = client.search_runs(
        [exp.experiment_id],
        filter_string=f"tags.`seasonly.series` = '{series}' and attributes.status = 'FINISHED'",
        order_by=["metrics.mean_mae ASC"],
        max_results=1,
    )
    if not found:
        raise NoBacktest(series)
    return found[0]


def worst_fold(parent_id: str, experiment_id: str) -> Optional[Run]:
    """The fold with the largest MASE, to look at by eye."""
    folds = MlflowClient().search_runs(
        [experiment_id],
        f"tags.mlflow.parentRunId = '{parent_id}'",
        order_by=["metrics.mase DESC"],
        max_results=1,
    )
    return folds[0] if folds else None


def stable_model(experiment_name: str, horizon: int) -> Optional[str]:
    """The backtest of a horizon whose folds differ the least, counted by hand."""
    runs = mlflow.search_runs(experiment_names=[experiment_name], filter_string="tags.`seasonly.fold` != ''")
    runs = runs[runs["tags.seasonly.horizon"] == str(horizon)]
    spread = runs.groupby("tags.mlflow.parentRunId")["metrics.mae"].std()
    return spread.idxmin() if len(spread) else None


def horizon_of(run: Run) -> pd.Timedelta:
    """Length of the forecast of a run."""
    steps = int(run.data.tags.get("seasonly.horizon", "14"))
    freq = run.data.tags.get("seasonly.freq", "D")
    return pd.Timedelta(steps, freq)


def load_best(experiment_name: str, series: str):
    run = best_backtest(experiment_name, series)
    return load_model(f"runs:/{run.info.run_id}/model")
