"""The tags that the platform asks for."""

from __future__ import annotations

import getpass
import json
import os
import platform
from typing import Any

from mlflow.entities import Run


def platform_tags(team: str, project: str, cost_center: str | None = None) -> dict[str, str]:
    """The tags that each run must have."""
    tags = {
        "team": team,
        "project": project,
        "owner": os.environ.get("RUN_OWNER") or getpass.getuser(),
        "python": platform.python_version(),
        "ci.job": os.environ.get("CI_JOB_ID", "local"),
    }
    if cost_center:
        tags["cost_center"] = cost_center
    return tags


def upstream_ids(run: Run) -> list[str]:
    """The ids of the runs that this one was made from."""
    raw = run.data.tags.get("mlops.upstream", "")
    if not raw:
        return []
    return [str(item) for item in json.loads(raw)]


def with_upstream(tags: dict[str, str], *run_ids: str) -> dict[str, str]:
    return {**tags, "mlops.upstream": json.dumps(run_ids)}


def clean(tags: dict[str, Any]) -> dict[str, str]:
    """Make all values short strings and drop those that are None."""
    return {str(k): str(v)[:5000] for k, v in tags.items() if v is not None}
