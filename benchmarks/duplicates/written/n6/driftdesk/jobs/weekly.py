"""One run a week with the mean of the days."""

from __future__ import annotations

import datetime as dt
import statistics

import mlflow

from driftdesk.config import watched
from driftdesk.store import Store, day_of


def summarise(store: Store, monday: dt.date) -> None:
    runs = [
        run
        for run in store.days(monday)
        if monday <= day_of(run) < monday + dt.timedelta(days=7)
    ]
    if not runs:
        return
    with mlflow.start_run(
        experiment_id=store.experiment_id,
        run_name=f"week-{monday.isoformat()}",
        tags={"drift.kind": "weekly", "drift.model": store.model.model},
    ):
        values = [run.data.metrics.get("psi.max", 0.0) for run in runs]
        mlflow.log_metric("psi.max.mean", statistics.fmean(values))


def main() -> None:
    today = dt.date.today()
    monday = today - dt.timedelta(days=today.weekday() + 7)
    for model in watched():
        store = Store(model)
        store.close_stale()
        summarise(store, monday)
