"""What the forecasting team copied and changed."""

from __future__ import annotations

import logging

import mlflow
import pandas as pd

log = logging.getLogger(__name__)

TEAM = "forecasting"


def last_forecast(experiment: str) -> str | None:
    frame: pd.DataFrame = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string="attributes.status = 'FINISHED'",
        order_by=["start_time DESC"],
    )
    if frame.empty or "tags.team" not in frame:
        return None
    frame = frame.loc[frame["tags.team"] == TEAM]
    if frame.empty:
        log.info("%s has no run in %s", TEAM, experiment)
        return None
    return frame["run_id"].iloc[0]


def best_backtest(experiment: str) -> str | None:
    """The backtest with the lowest error."""
    frame = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.team = '{TEAM}' and attributes.status = 'FINISHED'",
        order_by=["metrics.smape ASC"],
        max_results=1,
    )
    return None if frame.empty else frame["run_id"].iloc[0]
