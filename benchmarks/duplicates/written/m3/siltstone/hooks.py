"""Hooks that users put into their own scripts."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import Iterator

import mlflow

from siltstone.dataset import DatasetVersion


@contextmanager
def produces(version: DatasetVersion) -> Iterator[None]:
    """Mark the active run as the one that makes a version."""
    run = mlflow.active_run()
    if run is None:
        raise RuntimeError("there is no active run")
    yield
    client = mlflow.tracking.MlflowClient()
    rid = run.info.run_id
    client.set_tag(rid, "siltstone.dataset", version.name)
    client.set_tag(rid, "siltstone.digest", version.digest)
    client.set_tag(rid, "siltstone.uri", version.uri)
    client.set_tag(rid, "siltstone.rows", version.rows)
    client.set_tag(rid, "siltstone.parents", json.dumps([str(p) for p in version.parents]))
