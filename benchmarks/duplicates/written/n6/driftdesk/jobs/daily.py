"""Measure the drift of the day before."""

from __future__ import annotations

import datetime as dt
import logging

import mlflow
import pandas as pd

from driftdesk.alerts import notify
from driftdesk.config import Watched, watched
from driftdesk.stats import drift, missing
from driftdesk.store import Store

log = logging.getLogger(__name__)


def frame_of(run_id: str, path: str = "data.parquet") -> pd.DataFrame:
    return pd.read_parquet(mlflow.artifacts.download_artifacts(f"runs:/{run_id}/{path}"))


def measure(model: Watched, day: dt.date) -> str:
    store = Store(model)
    done = store.of_day(day)
    if done is not None:
        log.info("%s is done for %s", model.model, day)
        return done.info.run_id
    reference = frame_of(store.reference().info.run_id)
    current = pd.read_parquet(model.table, filters=[("day", "=", day.isoformat())])
    run = store.open_day(day)
    values = {**drift(reference, current), **missing(current)}
    for key, value in values.items():
        store.client.log_metric(run.info.run_id, key, value)
    store.client.set_tag(run.info.run_id, "drift.rows", str(len(current)))
    store.client.set_tag(run.info.run_id, "drift.alarm", str(values["psi.max"] > model.limit))
    store.client.set_tag(run.info.run_id, "drift.table", model.table)
    store.client.set_terminated(run.info.run_id)
    if values["psi.max"] > model.limit:
        notify(model, day, values)
    return run.info.run_id


def main() -> None:
    day = dt.date.today() - dt.timedelta(days=1)
    for model in watched():
        try:
            measure(model, day)
        except Exception:
            log.exception("%s failed", model.model)
