"""Datasets of cases, and how they are logged."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import mlflow
import pandas as pd
from mlflow import MlflowClient

from evalloom.types import Case, EvalDataset


def digest_of(cases: tuple[Case, ...]) -> str:
    body = json.dumps([[c.id, c.question, c.expected] for c in cases], sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:12]


def load_jsonl(path: str | Path) -> EvalDataset:
    """Read a dataset with one case per line."""
    path = Path(path)
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if not line.strip():
            continue
        row = json.loads(line)
        cases.append(
            Case(
                id=str(row.get("id", number)),
                question=row["question"],
                expected=row.get("expected", ""),
                context=tuple(row.get("context", ())),
            )
        )
    whole = tuple(cases)
    return EvalDataset(path.stem, digest_of(whole), whole, source=path.name)


def to_frame(dataset: EvalDataset) -> pd.DataFrame:
    return pd.DataFrame(
        [{"id": c.id, "question": c.question, "expected": c.expected} for c in dataset.cases]
    )


def log_dataset(dataset: EvalDataset) -> None:
    """Log the dataset as an input of the active run."""
    frame = to_frame(dataset)
    mlflow.log_input(
        mlflow.data.from_pandas(frame, name=dataset.name), context="evaluation"
    )
    mlflow.set_tags(
        {
            "dataset.rows": str(len(dataset)),
            "dataset.source": dataset.source,
            "dataset.has_context": str(any(c.context for c in dataset.cases)).lower(),
        }
    )


def upload_dataset(dataset: EvalDataset, experiment: str) -> str:
    """Keep a dataset on the server as the artifact of a run of its own."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is not None:
        experiment_id = exp.experiment_id
    else:
        experiment_id = client.create_experiment(experiment)
    run = client.create_run(
        experiment_id,
        run_name=f"dataset-{dataset.name}",
        tags={"evalloom.kind": "dataset", "evalloom.dataset.digest": dataset.digest},
    )
    body = to_frame(dataset).to_json(orient="records", lines=True)
    client.log_text(run.info.run_id, body, "dataset.jsonl")
    client.set_terminated(run.info.run_id)
    return run.info.run_id


def find_uploaded(digest: str, experiment_id: str) -> str | None:
    """The run that holds the dataset with this digest."""
    runs = mlflow.search_runs(
        [experiment_id],
        filter_string="tags.`evalloom.kind` = 'dataset' AND "
        f"tags.`evalloom.dataset.digest` = '{digest}'",
        max_results=1,
    )
    if runs.empty:
        return None
    return runs.iloc[0]["run_id"]
