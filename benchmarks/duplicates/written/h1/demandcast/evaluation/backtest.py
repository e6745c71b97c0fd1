"""Score the last model on days it has not seen."""
from __future__ import annotations

import logging

import mlflow
import mlflow.sklearn
import pandas as pd
from mlflow.tracking import MlflowClient

from demandcast.infrastructure.tracking import TrackingGateway
from demandcast.infrastructure.tracking.lineage import training_window
from demandcast.training.data import read_region
from demandcast.training.features import split_xy
from demandcast.training.models import mape

log = logging.getLogger(__name__)


def _last_model_run(experiment_id: str) -> str:
    df = mlflow.search_runs([experiment_id])
    done = df[df["status"] == "FINISHED"].sort_values("start_time", ascending=False)
    if done.empty:
        raise LookupError(f"no finished run in {experiment_id}")
    return done.iloc[0]["run_id"]


def unseen_rows(region: str, run_id: str) -> pd.DataFrame:
    run = MlflowClient().get_run(run_id)
    window = training_window(run)
    frame = read_region(region)
    if window is None:
        return frame.tail(24 * 14)
    return frame[frame.index.date > window[1]]


def backtest(region: str) -> float:
    experiment_id = TrackingGateway().ensure_experiment(region)
    run_id = _last_model_run(experiment_id)
    rows = unseen_rows(region, run_id)
    model = mlflow.sklearn.load_model(f"runs:/{run_id}/model")
    x, y = split_xy(rows)
    score = mape(y, model.predict(x))
    with mlflow.start_run(run_id=run_id):
        mlflow.log_metric("backtest_mape", score)
    return score
