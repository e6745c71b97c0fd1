"""Marks the run that the shops use."""

from __future__ import annotations

import sys

from mlflow.tracking import MlflowClient

from mlutils import RunLookup
from mlutils.tags import is_released


def release(locale: str) -> str:
    lookup = RunLookup("ranker")
    candidate = lookup.best()
    if candidate is None:
        raise LookupError("nothing to release")
    old = lookup.by_release(locale)
    client = MlflowClient()
    if old is not None and is_released(old):
        client.set_tag(old.info.run_id, "released", "false")
    client.set_tag(candidate.info.run_id, "released", "true")
    return candidate.info.run_id


if __name__ == "__main__":
    print(release(sys.argv[1]))
