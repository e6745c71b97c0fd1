from __future__ import annotations

from datetime import date, timedelta

from prefect import flow

import settings
from tasks.io import read_forecasts, read_load, write_forecast
from tasks.monitor import monitor_region
from tasks.score import score_region
from tasks.train import train_region

DEFAULTS = {"max_iter": 400, "learning_rate": 0.05, "max_leaf_nodes": 63}


@flow(name="daily-forecast")
def daily(day: date | None = None, regions: list[str] | None = None):
    day = day or date.today()
    for region in regions or settings.REGIONS:
        df = read_load(region, day - settings.TRAIN_WINDOW, day)
        train_region(df, region, DEFAULTS)
        horizon = read_load(region, day - timedelta(days=30), day + timedelta(days=2))
        forecast = score_region(horizon, region, day)
        write_forecast(region, forecast[["mw_hat"]], forecast["model_run"].iloc[0])


@flow(name="daily-monitor")
def monitor(day: date | None = None):
    day = day or date.today() - timedelta(days=1)
    result = {}
    for region in settings.REGIONS:
        actual = read_load(region, day, day + timedelta(days=1))
        result[region] = monitor_region(actual, read_forecasts(region, day), region, day)
    return result


if __name__ == "__main__":
    daily()
