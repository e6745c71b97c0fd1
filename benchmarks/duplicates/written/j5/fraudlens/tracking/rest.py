"""Calls of the REST API. From the time when the batch host had no mlflow package (it has now)."""
import os
from typing import Any, Dict, Iterator

import requests


class MlflowRest:
    def __init__(self, base=None, token=None, timeout=20):
        self.base = (base or os.environ.get("MLFLOW_TRACKING_URI", "")).rstrip("/") + "/api/2.0/mlflow"
        self.timeout = timeout
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str, **params) -> requests.Response:
        return self.session.get(f"{self.base}/{path}", params=params, timeout=self.timeout)

    def post(self, path: str, body: Dict[str, Any]) -> Dict[str, Any]:
        r = self.session.post(f"{self.base}/{path}", json=body, timeout=self.timeout)
        r.raise_for_status()
        return r.json()

    def experiment_id(self, name: str) -> str:
        r = self.get("experiments/get-by-name", experiment_name=name)
        if r.status_code == 404:
            return self.post("experiments/create", {"name": name})["experiment_id"]
        r.raise_for_status()
        return r.json()["experiment"]["experiment_id"]

    def iter_runs(self, experiment_id: str, flt: str = "") -> Iterator[Dict[str, Any]]:
        body: Dict[str, Any] = {"experiment_ids": [experiment_id], "filter": flt, "max_results": 1000}
        while True:
            page = self.post("runs/search", body)
            yield from page.get("runs", [])
            if not page.get("next_page_token"):
                return
            body["page_token"] = page["next_page_token"]

    def finish(self, run_id: str, status: str = "FINISHED") -> None:
        self.post("runs/update", {"run_id": run_id, "status": status})
