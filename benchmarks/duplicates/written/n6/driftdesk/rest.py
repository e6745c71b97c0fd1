"""A small REST client, for jobs that must not install MLflow."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from typing import Any


class RestStore:
    """The calls that the jobs at the edge need."""

    def __init__(self, base: str | None = None, tries: int = 3) -> None:
        self.base = (base or os.environ["MLFLOW_TRACKING_URI"]).rstrip("/")
        self.tries = tries

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.base}/api/2.0/mlflow/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        for number in range(self.tries):
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.load(answer)
            except urllib.error.URLError:
                if number + 1 == self.tries:
                    raise
                time.sleep(2**number)
        raise AssertionError

    def daily_run(self, experiment_id: str, model: str, day: str) -> str | None:
        """Id of the finished daily run of a day."""
        answer = self.post(
            "runs/search",
            {
                "experiment_ids": [experiment_id],
                "filter": f"tags.`drift.model` = '{model}' and tags.`drift.day` = '{day}'"
                " and tags.`drift.kind` = 'daily' and attributes.status = 'FINISHED'",
                "order_by": ["attributes.start_time DESC"],
                "max_results": 1,
            },
        )
        runs = answer.get("runs", [])
        return runs[0]["info"]["run_id"] if runs else None

    def log(self, run_id: str, key: str, value: float) -> None:
        now = int(time.time() * 1000)
        self.post(
            "runs/log-metric", {"run_id": run_id, "key": key, "value": value, "timestamp": now}
        )

    def finish(self, run_id: str, status: str = "FINISHED") -> None:
        now = int(time.time() * 1000)
        self.post("runs/update", {"run_id": run_id, "status": status, "end_time": now})
