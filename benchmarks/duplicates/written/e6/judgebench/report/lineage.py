"""From which data and runs a result comes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import mlflow


@dataclass
class Step:
    """One run on the way."""

    run_id: str
    name: str
    dataset: str | None = None
    version: int | None = None
    metrics: dict[str, float] = field(default_factory=dict)


def step_of(run: Any) -> Step:
    """A run as a step."""
    step = Step(run.info.run_id, run.info.run_name, metrics=dict(run.data.metrics))
    tags = run.data.tags
    if "judgebench.dataset" in tags:
        parts = tags["judgebench.dataset"].split("@")
        step.dataset = parts[0]
        if len(parts) == 2 and parts[1].isdigit():
            step.version = int(parts[1])
    return step


def lineage(run_id: str, limit: int = 10) -> list[Step]:
    """The run and all runs it comes from, the newest first."""
    steps: list[Step] = []
    current: str | None = run_id
    while current and len(steps) < limit:
        run = mlflow.get_run(current)
        steps.append(step_of(run))
        if "judgebench.source_run" in run.data.tags:
            current = run.data.tags["judgebench.source_run"]
        else:
            current = run.data.tags.get("mlflow.parentRunId")
    return steps


def text(steps: list[Step]) -> str:
    """The way as indented lines."""
    lines = []
    for level, step in enumerate(steps):
        data = f" on {step.dataset}@{step.version}" if step.dataset else ""
        lines.append(f"{'  ' * level}{step.name} ({step.run_id[:8]}){data}")
    return "\n".join(lines)


def drop_failed(experiment_id: str) -> int:
    """Delete the trials that failed."""
    failed = mlflow.search_runs(
        [experiment_id], "attributes.status = 'FAILED' and tags.judgebench.kind = 'trial'"
    )
    for run_id in failed.get("run_id", []):
        mlflow.delete_run(run_id)
    return len(failed)
