"""What the client cannot do, over the REST interface."""
from __future__ import annotations

import os
from typing import Any, Iterator

import requests


class Rest:
    def __init__(self, base: str | None = None, token: str | None = None) -> None:
        self.base = (base or os.environ.get("MLFLOW_TRACKING_URI", "")).rstrip("/")
        self.session = requests.Session()
        if token or os.environ.get("MLFLOW_TRACKING_TOKEN"):
            self.session.headers["Authorization"] = f"Bearer {token or os.environ['MLFLOW_TRACKING_TOKEN']}"

    def call(self, method: str, path: str, **body: Any) -> dict:
        url = f"{self.base}/api/2.0/mlflow/{path}"
        if method == "GET":
            answer = self.session.get(url, params=body, timeout=30)
        else:
            answer = self.session.request(method, url, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def runs(self, experiment_id: str, clause: str = "", page: int = 1000) -> Iterator[dict]:
        """All runs as they come from the server."""
        token = None
        while True:
            body: dict[str, Any] = {"experiment_ids": [experiment_id], "filter": clause, "max_results": page}
            if token:
                body["page_token"] = token
            answer = self.call("POST", "runs/search", **body)
            yield from answer.get("runs", [])
            token = answer.get("next_page_token")
            if not token:
                return

    def rename(self, run_id: str, name: str) -> None:
        self.call("POST", "runs/update", run_id=run_id, run_name=name)

    def purge(self, run_id: str) -> None:
        self.call("POST", "runs/delete", run_id=run_id)
