"""A thin REST client for servers that the MLflow client cannot talk to."""

from __future__ import annotations

import os
from typing import Any, Iterator

import requests

API = "/api/2.0/mlflow/"


class RestError(RuntimeError):
    """The server has said no."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code


class RestApi:
    """Calls of MLflow's REST interface."""

    def __init__(self, base: str, token: str | None = None, timeout: float = 60.0) -> None:
        self.base = base.rstrip("/")
        self.timeout = timeout
        self.session = requests.Session()
        token = token or os.environ.get("MLFLOW_TRACKING_TOKEN")
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def _call(self, method: str, path: str, **kwargs: Any) -> dict[str, Any]:
        response = self.session.request(method, f"{self.base}{API}{path}", timeout=self.timeout, **kwargs)
        if response.ok:
            return response.json()
        try:
            body = response.json()
        except ValueError:
            body = {}
        raise RestError(response.status_code, body.get("error_code", ""), body.get("message", response.text[:200]))

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """A GET call."""
        return self._call("GET", path, params=params)

    def post(self, path: str, **body: Any) -> dict[str, Any]:
        """A POST call."""
        return self._call("POST", path, json=body)

    def target_experiment(self, name: str, source: str) -> str:
        """The id of an experiment, made when the server has none."""
        try:
            return self.get("experiments/get-by-name", experiment_name=name)["experiment"]["experiment_id"]
        except RestError as error:
            if error.code != "RESOURCE_DOES_NOT_EXIST":
                raise
        made = self.post(
            "experiments/create", name=name, tags=[{"key": "moveflow.source_experiment", "value": source}]
        )
        return made["experiment_id"]

    def runs(self, experiment_id: str, filter_: str = "") -> Iterator[dict[str, Any]]:
        """All runs of an experiment."""
        body: dict[str, Any] = {"experiment_ids": [experiment_id], "filter": filter_, "max_results": 500}
        while True:
            page = self.post("runs/search", **body)
            yield from page.get("runs", [])
            if not page.get("next_page_token"):
                return
            body["page_token"] = page["next_page_token"]

    def create_copy(self, experiment_id: str, run: dict[str, Any]) -> str:
        """A new run with another run's start and tags."""
        from moveflow.tags import RESERVED, clean

        tags = [
            {"key": t["key"], "value": clean(t["value"])}
            for t in run["data"].get("tags", [])
            if t["key"] not in RESERVED
        ]
        tags.append({"key": "moveflow.source_run_id", "value": run["info"]["run_id"]})
        made = self.post(
            "runs/create",
            experiment_id=experiment_id,
            start_time=run["info"]["start_time"],
            run_name=run["info"].get("run_name"),
            tags=tags,
        )
        return made["run"]["info"]["run_id"]

    def find_copy(self, experiment_id: str, source_id: str) -> str | None:
        """The copy that an earlier move has made."""
        found = self.post(
            "runs/search",
            experiment_ids=[experiment_id],
            filter=f"tags.`moveflow.source_run_id` = '{source_id}'",
            max_results=1,
        ).get("runs")
        return found[0]["info"]["run_id"] if found else None
