"""Tags that say where a run came from."""
from __future__ import annotations

import getpass
import json
from datetime import date

from mlflow.entities import Run

from demandcast.infrastructure.git import current_commit

WINDOW_TAG = "dc.training_window"


def lineage_tags(region: str, horizon: int, snapshot: str) -> dict[str, str]:
    """The tags every training run has to carry."""
    return {
        "dc.git_commit": current_commit(),
        "dc.snapshot": snapshot,
        "dc.region": region,
        "dc.horizon": str(horizon),
        "dc.built_by": getpass.getuser(),
    }


def window_tag(first: date, last: date) -> dict[str, str]:
    return {WINDOW_TAG: json.dumps({"from": first.isoformat(), "to": last.isoformat()})}


def training_window(run: Run) -> tuple[date, date] | None:
    """The days a run was trained on."""
    raw = run.data.tags.get(WINDOW_TAG)
    if not raw:
        return None
    window = json.loads(raw)
    return date.fromisoformat(window["from"]), date.fromisoformat(window["to"])
