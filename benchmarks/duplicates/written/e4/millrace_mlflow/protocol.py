"""What millrace gives to its hooks."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PipelineRun:
    """One run of a pipeline."""

    run_id: str
    pipeline: str
    env: str = "local"
    params: dict[str, Any] = field(default_factory=dict)
    is_retry: bool = False


@dataclass(frozen=True)
class Node:
    """One node of a pipeline."""

    name: str
    layer: str = ""
    tags: frozenset[str] = frozenset()


def commit() -> str:
    """The commit of the project, or an empty text."""
    try:
        out = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    except OSError:
        return ""
    return out.stdout.strip()


def flatten(params: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested params with dots in their names."""
    flat: dict[str, Any] = {}
    for key, value in params.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            flat.update(flatten(value, name + "."))
        else:
            flat[name] = value
    return flat
