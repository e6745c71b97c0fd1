"""Delete daily runs that are too old."""

from __future__ import annotations

import datetime as dt

from mlflow.tracking import MlflowClient

from driftdesk.config import watched
from driftdesk.store import Store


def expire(store: Store, keep_days: int) -> int:
    limit = dt.date.today() - dt.timedelta(days=keep_days)
    gone = 0
    for run in store.days(limit - dt.timedelta(days=3650)):
        if run.data.tags.get("drift.reference") == "true":
            continue
        day = run.data.tags.get("drift.day")
        if day is None:
            when = dt.datetime.fromtimestamp(run.info.start_time / 1000).date()
        else:
            when = dt.date.fromisoformat(day)
        if when < limit:
            store.client.delete_run(run.info.run_id)
            gone += 1
    return gone


def main(keep_days: int = 400) -> None:
    for model in watched():
        expire(Store(model, MlflowClient()), keep_days)
