"""Compare a run with the one before it."""

from __future__ import annotations

import json
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Run


def newest_pipeline_run(experiment_id: str, pipeline: str) -> Run | None:
    """What the run under way is compared with."""
    client = MlflowClient()
    for run in client.search_runs([experiment_id], order_by=["attributes.end_time DESC"]):
        tags = run.data.tags
        if tags.get("conduit.pipeline") == pipeline and run.info.status == "FINISHED":
            return run
    return None


def node_diff(old: Run, new: Run) -> dict[str, list[str]]:
    """Which nodes came and went."""

    def names(run: Run) -> set[str]:
        value = run.data.tags.get("conduit.nodes")
        if not value:
            return set()
        return set(json.loads(value))

    before, after = names(old), names(new)
    return {"added": sorted(after - before), "removed": sorted(before - after)}


def metric_diff(old: Run, new: Run) -> dict[str, Any]:
    """The change of each metric that both runs have."""
    shared = set(old.data.metrics) & set(new.data.metrics)
    return {k: new.data.metrics[k] - old.data.metrics[k] for k in sorted(shared)}
