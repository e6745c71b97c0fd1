"""Metadata of runs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from mlflow.entities import Run

OWNER = "lookout.owner"
THRESHOLD = "lookout.threshold"
FEATURES = "lookout.features"


@dataclass
class RunMeta:
    """What serving must know of a run."""

    run_id: str
    owner: str = "unknown"
    threshold: float = 0.5
    features: list[str] = field(default_factory=list)

    @classmethod
    def from_run(cls, run: Run) -> "RunMeta":
        """Read the tags of a run."""
        tags = run.data.tags
        return cls(
            run_id=run.info.run_id,
            owner=tags.get(OWNER, "unknown"),
            threshold=float(tags.get(THRESHOLD, "0.5")),
            features=json.loads(tags.get(FEATURES, "[]")),
        )

    def to_tags(self) -> dict[str, str]:
        """The same as tags."""
        return {
            OWNER: self.owner,
            THRESHOLD: repr(self.threshold),
            FEATURES: json.dumps(self.features),
        }


def summary(run: Run) -> dict[str, Any]:
    """What a table shows of a run."""
    return {
        "run": run.info.run_name,
        "status": run.info.status,
        "started": run.info.start_time,
        **{k: round(v, 4) for k, v in run.data.metrics.items()},
    }
