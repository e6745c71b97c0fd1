"""Freezes a data set and records where it came from."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import mlflow

from ftune.chat import is_trainable, to_messages


def revision(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def counts(path: Path) -> dict[str, int]:
    tickets = [json.loads(line) for line in path.open(encoding="utf-8")]
    good = sum(is_trainable(to_messages(t)) for t in tickets)
    return {"tickets": len(tickets), "trainable": good}


def dataset_tags(path: Path, queue: str) -> dict[str, str]:
    return {"dataset_rev": revision(path), "queue": queue, "file": path.name, "pii": "removed"}


def is_registered(path: Path) -> bool:
    frame = mlflow.search_runs(
        experiment_names=["llm/data"], filter_string=f"tags.dataset_rev = '{revision(path)}'", max_results=1
    )
    return not frame.empty


def main(file: str, queue: str) -> None:
    path = Path(file)
    mlflow.set_experiment("llm/data")
    if is_registered(path):
        return
    with mlflow.start_run(run_name=path.stem, tags=dataset_tags(path, queue)):
        mlflow.log_metrics(counts(path))
        mlflow.log_artifact(str(path), "data")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
