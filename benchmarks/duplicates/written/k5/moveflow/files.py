"""Export to files and import from them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from moveflow.copy import iter_runs


def run_record(client: MlflowClient, run: Run) -> dict[str, Any]:
    """All of a run that JSON can hold."""
    return {
        "run_id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "start_time": run.info.start_time,
        "end_time": run.info.end_time,
        "params": dict(run.data.params),
        "tags": dict(run.data.tags),
        "metrics": {
            key: [(m.value, m.timestamp, m.step) for m in client.get_metric_history(run.info.run_id, key)]
            for key in run.data.metrics
        },
    }


def export(experiment: str, folder: str | Path) -> int:
    """Write each run of an experiment to its own folder."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is None:
        raise LookupError(f"no experiment {experiment}")
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    (root / "experiment.json").write_text(
        json.dumps({"id": exp.experiment_id, "name": exp.name, "tags": exp.tags}), encoding="utf-8"
    )
    n = 0
    for run in iter_runs(client, exp.experiment_id):
        place = root / run.info.run_id
        place.mkdir(exist_ok=True)
        (place / "run.json").write_text(json.dumps(run_record(client, run), indent=2), encoding="utf-8")
        for item in client.list_artifacts(run.info.run_id):
            client.download_artifacts(run.info.run_id, item.path, str(place))
        n += 1
    return n


def import_(folder: str | Path, experiment: str | None = None) -> int:
    """Make runs from what export has written."""
    root = Path(folder)
    meta = json.loads((root / "experiment.json").read_text(encoding="utf-8"))
    wanted = experiment if experiment else meta["name"]
    exp = mlflow.get_experiment_by_name(wanted)
    eid = exp.experiment_id if exp is not None else None
    if eid is None:
        eid = mlflow.create_experiment(wanted, tags={"moveflow.source_experiment": meta["id"]})
    client = MlflowClient()
    count = 0
    for path in sorted(root.glob("*/run.json")):
        record = json.loads(path.read_text(encoding="utf-8"))
        table = mlflow.search_runs(
            [eid], filter_string="tags.`moveflow.source_run_id` = '%s'" % record["run_id"], max_results=1
        )
        if not table.empty:
            continue
        labels = {}
        for key, value in record["tags"].items():
            if key in ("mlflow.user", "mlflow.log-model.history", "mlflow.rootRunId"):
                continue
            labels[key] = value
        labels["moveflow.source_run_id"] = record["run_id"]
        run = client.create_run(eid, start_time=record["start_time"], tags=labels, run_name=record["name"])
        for key, value in record["params"].items():
            client.log_param(run.info.run_id, key, value)
        for key, points in record["metrics"].items():
            for value, timestamp, step in points:
                client.log_metric(run.info.run_id, key, value, timestamp, step)
        for item in path.parent.iterdir():
            if item.name != "run.json":
                client.log_artifact(run.info.run_id, str(item))
        client.set_terminated(run.info.run_id, record["status"], record["end_time"])
        count += 1
    return count
