"""Evaluate a model of a run on a dataset."""

from __future__ import annotations

from typing import Any, Callable

import mlflow

from judgebench._tracking import client, parse_dataset_tag
from judgebench.constants import Kind, Tag

Scorer = Callable[[Any, Any], float]


class DatasetMismatch(ValueError):
    """The model was trained on another version of the data."""


def evaluate(run_id: str, rows: list[dict[str, Any]], scorers: dict[str, Scorer], dataset: str) -> str:
    """Score the model of a run and return the id of the run of the evaluation."""
    source = client().get_run(run_id)
    trained_on = parse_dataset_tag(source)
    if trained_on is not None and trained_on.name != dataset.partition("@")[0]:
        raise DatasetMismatch(f"{run_id} was trained on {trained_on.name}")
    model = mlflow.pyfunc.load_model(f"runs:/{run_id}/model")
    predictions = [model.predict(row["inputs"]) for row in rows]
    with mlflow.start_run(
        experiment_id=source.info.experiment_id,
        run_name=f"eval-{source.info.run_name}",
        tags={
            Tag.KIND.value: Kind.EVALUATION.value,
            Tag.SOURCE_RUN.value: run_id,
            Tag.DATASET.value: dataset,
        },
    ) as run:
        for name, scorer in scorers.items():
            scores = [scorer(p, row["expected"]) for p, row in zip(predictions, rows)]
            mlflow.log_metric(name, sum(scores) / max(len(scores), 1))
    return run.info.run_id


def last_evaluation(experiment_id: str, run_id: str) -> Any | None:
    """The newest evaluation of a run."""
    found = client().search_runs(
        [experiment_id],
        f"tags.`{Tag.SOURCE_RUN}` = '{run_id}' AND tags.`{Tag.KIND}` = 'evaluation'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return found[0] if found else None
