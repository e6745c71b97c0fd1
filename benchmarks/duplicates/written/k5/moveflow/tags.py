"""Names of tags and rules for them."""

from __future__ import annotations

import re
from typing import Mapping

from mlflow.entities import Run

PARENT = "mlflow.parentRunId"
OLD_PARENT = "mlflow.parentRunID"
SOURCE_RUN = "moveflow.source_run_id"
SOURCE_URI = "moveflow.source_uri"
SOURCE_EXPERIMENT = "moveflow.source_experiment"
MOVED_BY = "moveflow.version"
RESERVED = ("mlflow.user", "mlflow.log-model.history", "mlflow.rootRunId")


def clean(value: str, limit: int = 5000) -> str:
    """A value that each server takes."""
    return re.sub(r"[\x00-\x08\x0b-\x1f]", " ", value)[:limit]


def portable(tags: Mapping[str, str]) -> dict[str, str]:
    """Tags that may be set on another server."""
    return {k: clean(v) for k, v in tags.items() if k not in RESERVED}


def source_tags(run: Run, uri: str) -> dict[str, str]:
    """Where a copy came from."""
    from moveflow import __version__

    return {
        SOURCE_RUN: run.info.run_id,
        SOURCE_URI: uri,
        SOURCE_EXPERIMENT: run.info.experiment_id,
        MOVED_BY: __version__,
    }


def parent_of(run: Run) -> str | None:
    """The id of the parent run, also under the tag's old name."""
    tags = run.data.tags
    return tags.get(PARENT) or tags.get(OLD_PARENT) or None
