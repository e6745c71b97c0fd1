"""Writes the best trial of a sweep to a file."""

import argparse
import json
import logging
from pathlib import Path
from typing import Any, Dict, Optional

from mlflow.entities import Run
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


def best_trial(client: MlflowClient, experiment_id: str, parent_run_id: str) -> Optional[Run]:
    result = client.search_runs(
        experiment_ids=[experiment_id],
        filter_string=f"tags.mlflow.parentRunId = '{parent_run_id}' and attributes.status = 'FINISHED'",
        order_by=["metrics.f1 DESC"],
        max_results=1,
    )
    return result[0] if result else None


def version_label(run: Run) -> str:
    """Commit and data version, as in the file names."""
    tags = run.data.tags
    commit = tags.get("azureml.git.commit") or tags.get("mlflow.source.git.commit", "unknown")
    data = tags.get("azureml.data_version") or tags.get("data_version", "0")
    return f"{commit[:7]}-d{data}"


def export(experiment_id: str, parent_run_id: str, folder: Path) -> Path:
    client = MlflowClient()
    run = best_trial(client, experiment_id, parent_run_id)
    if run is None:
        raise SystemExit("the sweep has no finished trial")
    record: Dict[str, Any] = {
        "run_id": run.info.run_id,
        "params": {k: float(v) for k, v in run.data.params.items()},
        "f1": run.data.metrics["f1"],
        "version": version_label(run),
    }
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"best-{record['version']}.json"
    target.write_text(json.dumps(record, indent=2))
    return target


def export_all(experiment_id: str, folder: Path) -> None:
    """One file for each trial, for the plots."""
    client = MlflowClient()
    token = None
    while True:
        page = client.search_runs([experiment_id], max_results=100, page_token=token)
        for run in page:
            (folder / f"{run.info.run_id}.json").write_text(json.dumps(run.data.metrics))
        token = page.token
        if token is None:
            break


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("experiment_id")
    parser.add_argument("parent_run_id")
    parser.add_argument("--folder", type=Path, default=Path("exports"))
    options = parser.parse_args()
    print(export(options.experiment_id, options.parent_run_id, options.folder))
