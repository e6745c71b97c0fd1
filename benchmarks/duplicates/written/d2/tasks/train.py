from __future__ import annotations

import json
import tempfile
from datetime import date
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from prefect import get_run_logger, task
from prefect.context import get_run_context
from sklearn.ensemble import HistGradientBoostingRegressor

import settings
from tasks import features
from tasks.tracking import ensure_experiment, finish, get_client, trained_run


def mape(y, p) -> float:
    return float(np.mean(np.abs(y - p) / np.maximum(y, 1.0)))


def _open_run(client, region: str, start: date, stop: date) -> str:
    flow_run_id = str(get_run_context().task_run.flow_run_id)
    run = client.create_run(
        experiment_id=ensure_experiment(settings.experiment_name(region), client),
        tags={
            "mlflow.runName": f"train-{region}-{stop:%Y%m%d}",
            "step": "train",
            "region": region,
            "prefect.flow_run_id": flow_run_id,
            "window_end": stop.isoformat(),
            "window": json.dumps([start.isoformat(), stop.isoformat()]),
        },
    )
    return run.info.run_id


def _fit(x: pd.DataFrame, y: pd.Series, params: dict) -> HistGradientBoostingRegressor:
    model = HistGradientBoostingRegressor(loss="absolute_error", **params)
    return model.fit(x, y)


@task(name="train-region")
def train_region(df: pd.DataFrame, region: str, params: dict, force: bool = False) -> str:
    logger = get_run_logger()
    start, stop = df.index.min().date(), df.index.max().date()
    if not force:
        done = trained_run(region, stop.isoformat())
        if done is not None:
            logger.info("%s is trained already: %s", region, done.info.run_id)
            return done.info.run_id

    client = get_client()
    run_id = _open_run(client, region, start, stop)
    status = "FAILED"
    try:
        x, y = features.matrix(df)
        cut = len(x) - 14 * 24
        model = _fit(x.iloc[:cut], y.iloc[:cut], params)
        score = mape(y.iloc[cut:], model.predict(x.iloc[cut:]))
        for key, value in params.items():
            client.log_param(run_id, key, value)
        client.log_metric(run_id, "mape", score)
        model = _fit(x, y, params)
        with tempfile.TemporaryDirectory() as tmp:
            path = Path(tmp) / "model.joblib"
            joblib.dump(model, path)
            client.log_artifact(run_id, str(path))
        status = "FINISHED"
        logger.info("%s: mape %.3f", region, score)
    finally:
        finish(run_id, status)
    return run_id
