"""Tags of copies."""

from __future__ import annotations

import re
from typing import Any, Mapping

PREFIX = "runferry.source."
SOURCE_URI = PREFIX + "uri"
SOURCE_EXPERIMENT = PREFIX + "experiment"
SOURCE_RUN = PREFIX + "run_id"
SOURCE_USER = PREFIX + "user"

PARENT = "mlflow.parentRunId"
NAME = "mlflow.runName"

_SYSTEM = re.compile(r"^mlflow\.(?!(runName|parentRunId|note\.content|source\.))")


def portable(tags: Mapping[str, str], keep_system: bool = False) -> dict[str, str]:
    """The tags of a run that make sense on another server."""
    if keep_system:
        return dict(tags)
    return {key: value for key, value in tags.items() if not _SYSTEM.match(key)}


def origin_tags(run: Any, experiment_name: str, uri: str) -> dict[str, str]:
    """The tags that say where a copy comes from."""
    return {
        SOURCE_URI: uri,
        SOURCE_EXPERIMENT: experiment_name,
        SOURCE_RUN: run.info.run_id,
        SOURCE_USER: run.info.user_id or "",
    }


def safe_value(value: str, limit: int = 5000) -> str:
    """Cut a tag value that the server would not take."""
    return value if len(value) <= limit else value[: limit - 3] + "..."
