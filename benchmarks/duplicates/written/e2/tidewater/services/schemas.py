"""Shapes of requests and answers."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from pydantic import BaseModel, Field


class RunOut(BaseModel):
    """A run in an answer."""

    run_id: str
    name: str | None
    status: str
    started: datetime | None
    labels: dict[str, str] = Field(default_factory=dict)
    metrics: dict[str, float] = Field(default_factory=dict)

    @classmethod
    def from_mlflow(cls, run: Any) -> "RunOut":
        """Build the answer from an MLflow run."""
        text = run.data.tags.get("tidewater.labels", "")
        try:
            labels = json.loads(text) if text else {}
        except json.JSONDecodeError:
            labels = {}
        start = run.info.start_time
        return cls(
            run_id=run.info.run_id,
            name=run.info.run_name,
            status=run.info.status,
            started=datetime.fromtimestamp(start / 1000, timezone.utc) if start else None,
            labels=labels,
            metrics=run.data.metrics,
        )


class CreateRun(BaseModel):
    """A request to create a run."""

    experiment: str
    name: str
    owner: str
    source: str = "service"
    labels: dict[str, str] = Field(default_factory=dict)


class Page(BaseModel):
    """A page of runs."""

    items: list[RunOut]
    next_token: str | None = None
