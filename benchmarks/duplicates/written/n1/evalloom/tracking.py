"""All that talks to the MLflow server for the runner."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import Any, Iterator

import mlflow
from mlflow.entities import Run, ViewType
from mlflow.tracking import MlflowClient

from evalloom.config import BASELINE_TAG, KIND_TAG, PARENT_TAG, SUITE_TAG, settings
from evalloom.types import EvalDataset, PromptVersion

logger = logging.getLogger(__name__)


def client() -> MlflowClient:
    return MlflowClient(tracking_uri=settings.tracking_uri)


def ensure_experiment(name: str | None = None) -> str:
    """The id of the experiment, made when there is none."""
    name = name or settings.experiment
    experiment = client().get_experiment_by_name(name)
    if experiment is None:
        logger.info("creating experiment %s", name)
        return client().create_experiment(name, tags={"evalloom": "true"})
    return experiment.experiment_id


def latest_suite(suite: str, experiment: str | None = None) -> Run | None:
    """The newest finished run of a suite."""
    runs = client().search_runs(
        experiment_ids=[ensure_experiment(experiment)],
        filter_string=(
            f"tags.`{SUITE_TAG}` = '{suite}' and tags.`{KIND_TAG}` = 'suite' "
            "and attributes.status = 'FINISHED'"
        ),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def baseline_of(suite: str) -> Run | None:
    """The run marked as the baseline of the suite."""
    found = client().search_runs(
        [ensure_experiment()],
        f"tags.`{BASELINE_TAG}` = 'true' and tags.`{SUITE_TAG}` = '{suite}'",
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["attributes.start_time DESC"],
    )
    if not found:
        return None
    return found[0]


def mark_baseline(run_id: str, suite: str) -> None:
    """Make one run the only baseline of its suite."""
    for old in client().search_runs(
        [ensure_experiment()],
        f"tags.`{BASELINE_TAG}` = 'true' and tags.`{SUITE_TAG}` = '{suite}'",
    ):
        client().delete_tag(old.info.run_id, BASELINE_TAG)
    client().set_tag(run_id, BASELINE_TAG, "true")


def evaluation_tags(
    suite: str, dataset: EvalDataset, prompt: PromptVersion, model: str
) -> dict[str, str]:
    """Tags that each evaluation run has."""
    return {
        KIND_TAG: "evaluation",
        SUITE_TAG: suite,
        "evalloom.dataset": dataset.name,
        "evalloom.dataset.digest": dataset.digest,
        "evalloom.prompt": f"{prompt.name}/{prompt.version}",
        "evalloom.model": model,
    }


@contextmanager
def suite_run(suite: str, **tags: str) -> Iterator[Run]:
    """Open the run of a suite."""
    with mlflow.start_run(
        experiment_id=ensure_experiment(),
        run_name=suite,
        tags={SUITE_TAG: suite, KIND_TAG: "suite", **tags},
    ) as run:
        yield run


def open_evaluation(parent_id: str, name: str, tags: dict[str, str]) -> Run:
    """Make a child run of a suite; the caller ends it."""
    parent = client().get_run(parent_id)
    return client().create_run(
        experiment_id=parent.info.experiment_id,
        run_name=name,
        tags={PARENT_TAG: parent_id, **tags},
    )


def prompt_of(run: Run) -> tuple[str, int]:
    """Name and version of the prompt of an evaluation."""
    raw = run.data.tags.get("evalloom.prompt", "")
    name, _, version = raw.partition("/")
    return name, int(version or 0)


def log_scores(run_id: str, scores: dict[str, float], step: int = 0) -> None:
    api = client()
    for name, value in scores.items():
        api.log_metric(run_id, name, value, step=step)


def suite_summary(run: Run) -> dict[str, Any]:
    return {
        "run_id": run.info.run_id,
        "name": run.info.run_name,
        "metrics": dict(run.data.metrics),
    }
