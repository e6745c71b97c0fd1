"""Helpers on MLflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from judgebench.constants import Tag

if TYPE_CHECKING:
    from mlflow import MlflowClient


def client() -> "MlflowClient":
    """A client of the current tracking server."""
    import mlflow

    return mlflow.MlflowClient()


class Dataset(NamedTuple):
    """Which data a run has used."""

    name: str
    version: int | None


def parse_dataset_tag(run: Any) -> Dataset | None:
    """The dataset of a run, which its tag holds as name@version."""
    value = run.data.tags.get(Tag.DATASET.value)
    if not value:
        return None
    name, _, version = value.partition("@")
    return Dataset(name, int(version) if version.isdigit() else None)


def source_run_id(run: Any) -> str | None:
    """The id of the run that a run has evaluated."""
    tags = run.data.tags
    return tags.get(Tag.SOURCE_RUN.value) or tags.get("mlflow.parentRunId")
