"""Export to a folder and import from it."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import mlflow
from mlflow.entities import Metric, Param
from mlflow.exceptions import RestException
from mlflow.tracking import MlflowClient

from runferry.tags import portable

_logger = logging.getLogger(__name__)

FORMAT = 3


class Exporter:
    """Writes the runs of an experiment as JSON files."""

    def __init__(self, client: MlflowClient, folder: Path) -> None:
        self._client = client
        self._folder = folder

    def _run(self, run: Any) -> dict[str, Any]:
        metrics = {
            key: [
                [m.value, m.timestamp, m.step]
                for m in self._client.get_metric_history(run.info.run_id, key)
            ]
            for key in run.data.metrics
        }
        return {
            "info": {
                "run_id": run.info.run_id,
                "name": run.info.run_name,
                "status": run.info.status,
                "user": run.info.user_id,
                "start_time": run.info.start_time,
                "end_time": run.info.end_time,
            },
            "params": dict(run.data.params),
            "metrics": metrics,
            "tags": dict(run.data.tags),
        }

    def export(self, name: str) -> int:
        """Write all runs of an experiment and return how many there are."""
        experiment = self._client.get_experiment_by_name(name)
        if experiment is None:
            raise KeyError(name)
        self._folder.mkdir(parents=True, exist_ok=True)
        head = {
            "format": FORMAT,
            "name": experiment.name,
            "tags": dict(experiment.tags),
            "uri": mlflow.get_tracking_uri(),
        }
        (self._folder / "experiment.json").write_text(json.dumps(head, indent=2))
        count, token = 0, None
        while True:
            page = self._client.search_runs([experiment.experiment_id], page_token=token)
            for run in page:
                path = self._folder / f"{run.info.run_id}.json"
                path.write_text(json.dumps(self._run(run)))
                count += 1
            token = page.token
            if not token:
                return count


class Importer:
    """Reads a folder that an exporter has written."""

    def __init__(self, client: MlflowClient, folder: Path) -> None:
        self._client = client
        self._folder = folder
        self._head = json.loads((folder / "experiment.json").read_text())
        if self._head["format"] != FORMAT:
            raise ValueError(f"format {self._head['format']} is not known")
        self._new_ids: dict[str, str] = {}

    def _target_experiment(self, name: str | None) -> str:
        name = name or self._head["name"]
        try:
            experiment_id = self._client.create_experiment(name, tags=self._head["tags"])
            _logger.info("created experiment %s", name)
        except RestException as exc:
            if exc.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
            experiment_id = self._client.get_experiment_by_name(name).experiment_id
        return experiment_id

    def _already_there(self, experiment_id: str, source_run_id: str) -> str | None:
        query = "tags.runferry.source.run_id = '{}'".format(source_run_id)
        for run in self._client.search_runs(experiment_ids=[experiment_id], filter_string=query):
            return run.info.run_id
        return None

    def _create(self, experiment_id: str, data: dict[str, Any]) -> str:
        info = data["info"]
        origin = {
            "runferry.source.run_id": info["run_id"],
            "runferry.source.experiment": self._head["name"],
            "runferry.source.uri": self._head["uri"],
            "runferry.source.user": info["user"] or "",
        }
        tags = {**portable(data["tags"]), **origin}
        old_parent = tags.pop("mlflow.parentRunId", None)
        if old_parent and old_parent in self._new_ids:
            tags["mlflow.parentRunId"] = self._new_ids[old_parent]
        run = self._client.create_run(
            experiment_id=experiment_id,
            run_name=info["name"],
            start_time=info["start_time"],
            tags={key: value[:5000] for key, value in tags.items()},
        )
        return run.info.run_id

    def load(self, name: str | None = None) -> dict[str, str]:
        """Create all runs of the folder and return old ids to new ids."""
        experiment_id = self._target_experiment(name)
        files = [p for p in self._folder.glob("*.json") if p.name != "experiment.json"]
        documents = [json.loads(p.read_text()) for p in files]
        documents.sort(key=lambda d: ("mlflow.parentRunId" in d["tags"], d["info"]["start_time"]))
        for data in documents:
            old_id = data["info"]["run_id"]
            known = self._already_there(experiment_id, old_id)
            if known:
                self._new_ids[old_id] = known
                continue
            new_id = self._create(experiment_id, data)
            self._new_ids[old_id] = new_id
            params = [Param(k, v) for k, v in data["params"].items()]
            self._client.log_batch(new_id, params=params)
            for key, points in data["metrics"].items():
                self._client.log_batch(new_id, metrics=[Metric(key, *point) for point in points])
            self._client.set_terminated(new_id, data["info"]["status"], data["info"]["end_time"])
        return self._new_ids
