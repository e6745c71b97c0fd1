"""Runs as plain data."""

from __future__ import annotations

import json
import math
from datetime import datetime, timezone
from typing import Any

SYSTEM_PREFIX = "mlflow."


def iso(millis: int | None) -> str | None:
    """Milliseconds as a date and time."""
    if not millis:
        return None
    return datetime.fromtimestamp(millis / 1000, tz=timezone.utc).isoformat()


def user_tags(run: Any) -> dict[str, str]:
    """The tags of a run that people have set."""
    return {k: v for k, v in sorted(run.data.tags.items()) if not k.startswith(SYSTEM_PREFIX)}


def dataset_of(run: Any) -> dict[str, str | None]:
    """Name and digest of the dataset of a run."""
    raw = run.data.tags.get("runlens.dataset", "{}")
    try:
        parsed = json.loads(raw)
    except json.JSONDecodeError:
        parsed = {"name": raw}
    return {"name": parsed.get("name"), "digest": parsed.get("digest")}


def finite(metrics: dict[str, float]) -> dict[str, float | None]:
    """Metrics as JSON can hold them."""
    return {key: value if math.isfinite(value) else None for key, value in metrics.items()}


def run_to_dict(run: Any, full: bool = True) -> dict[str, Any]:
    """A run as an answer shows it."""
    answer: dict[str, Any] = {
        "run_id": run.info.run_id,
        "name": run.info.run_name,
        "status": run.info.status,
        "started": iso(run.info.start_time),
        "ended": iso(run.info.end_time),
        "metrics": finite(run.data.metrics),
    }
    if full:
        answer["params"] = dict(run.data.params)
        answer["tags"] = user_tags(run)
        answer["dataset"] = dataset_of(run)
        answer["note"] = run.data.tags.get("mlflow.note.content", "")
    return answer
