from __future__ import annotations

import json
import logging
from datetime import date

import mlflow
import pandas as pd
from mlflow.entities import Param, Metric
from prefect import task
from prefect.runtime import flow_run

import settings
from tasks.tracking import ensure_experiment, finish, get_client
from tasks.train import mape

log = logging.getLogger("monitor")


def window_of(tags: dict) -> tuple[date, date] | None:
    raw = tags.get("window")
    if raw is None:
        return None
    try:
        a, b = json.loads(raw)
    except ValueError:
        log.error("cannot read window %r", raw)
        return None
    return date.fromisoformat(a), date.fromisoformat(b)


def staleness(run_id: str, day: date) -> int | None:
    window = window_of(get_client().get_run(run_id).data.tags)
    return None if window is None else (day - window[1]).days


def start_monitoring(region: str, day: date):
    client = get_client()
    tags = {"step": "monitor", "region": region}
    tags["window_end"] = str(day)
    if flow_run.id:
        tags["prefect.flow_run_id"] = flow_run.id
    experiment_id = ensure_experiment(settings.experiment_name(region))
    run = client.create_run(experiment_id, run_name=f"monitor-{region}-{day:%Y%m%d}", tags=tags)
    return client, run.info.run_id


@task(name="monitor-region")
def monitor_region(actual: pd.DataFrame, forecast: pd.DataFrame, region: str, day: date) -> float:
    both = actual.join(forecast.set_index("ts"), how="inner")
    if both.empty:
        raise ValueError("nothing to compare")
    value = mape(both["mw"], both["mw_hat"])
    client, run_id = start_monitoring(region, day)
    now = int(pd.Timestamp.utcnow().timestamp() * 1000)
    used = both["run_id"].iloc[-1]
    client.log_batch(
        run_id,
        metrics=[
            Metric("live_mape", value, now, 0),
            Metric("staleness", staleness(used, day) or -1, now, 0),
        ],
        params=[Param("model_run", used)],
    )
    finish(run_id)
    return value


def champion(region: str):
    mlflow.set_tracking_uri(settings.TRACKING_URI)
    df = mlflow.search_runs(
        experiment_names=[settings.experiment_name(region)],
        filter_string="tags.step = 'monitor'",
        order_by=["start_time DESC"],
        max_results=30,
    )
    by_model = df.groupby("params.model_run")["metrics.live_mape"].mean()
    return by_model.idxmin()
