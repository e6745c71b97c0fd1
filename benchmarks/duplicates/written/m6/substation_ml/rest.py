"""Plain REST, for machines where MLflow itself can not be installed."""

from __future__ import annotations

from typing import Any, Dict, Iterator, Optional

import httpx

from substation_ml.config import Settings
from substation_ml.constants import PAGE
from substation_ml.errors import NotFound


class RestRuns:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = httpx.Client(base_url=f"{settings.tracking_uri}/api/2.0/mlflow", timeout=settings.timeout)

    def _post(self, path: str, body: Dict[str, Any]) -> Dict[str, Any]:
        answer = self._http.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def experiment_id(self, project: str) -> str:
        answer = self._http.get(
            "/experiments/get-by-name", params={"experiment_name": self._settings.experiment_name(project)}
        )
        if answer.status_code == 404:
            raise NotFound(project)
        return answer.json()["experiment"]["experiment_id"]

    def runs(self, project: str, flt: str = "") -> Iterator[Dict[str, Any]]:
        body: Dict[str, Any] = {"experiment_ids": [self.experiment_id(project)], "filter": flt, "max_results": PAGE}
        while True:
            page = self._post("/runs/search", body)
            yield from page.get("runs", [])
            if not page.get("next_page_token"):
                return
            body["page_token"] = page["next_page_token"]

    def finish(self, run_id: str, status: Optional[str] = None) -> None:
        self._post("/runs/update", {"run_id": run_id, "status": status or "FINISHED"})
