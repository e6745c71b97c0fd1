"""Tells the channel when last night's training failed."""

from __future__ import annotations

import datetime as dt
import json
import os
import urllib.request

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

from adrank.constants import MARKETS
from adrank.tracking.experiments import ensure_experiment

HOOK = os.environ.get("ALERT_HOOK", "")


def last_failure(market: str) -> Run | None:
    failed = MlflowClient().search_runs(
        [ensure_experiment(market)],
        "attributes.status = 'FAILED'",
        order_by=["attributes.end_time DESC"],
        max_results=1,
    )
    return failed[0] if failed else None


def who_started(run: Run) -> str:
    return run.data.tags.get("mlflow.user", "somebody")


def is_recent(run: Run, hours: int = 12) -> bool:
    ended = dt.datetime.fromtimestamp((run.info.end_time or run.info.start_time) / 1000)
    return dt.datetime.now() - ended < dt.timedelta(hours=hours)


def send(text: str) -> None:
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(HOOK, body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()


def main() -> None:
    for market in MARKETS:
        run = last_failure(market)
        if run is not None and is_recent(run):
            send(f"training of {market} failed: {run.info.run_name} ({who_started(run)})")


if __name__ == "__main__":
    main()
