"""What all loggers share: flattening and rank checks."""

from __future__ import annotations

import numbers
import os
from typing import Any, Mapping


def flat(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as one level."""
    out: dict[str, Any] = {}
    for key, value in params.items():
        name = f"{prefix}/{key}" if prefix else str(key)
        if isinstance(value, Mapping):
            out.update(flat(value, name))
        else:
            out[name] = value
    return out


def scalars(values: Mapping[str, Any]) -> dict[str, float]:
    """Only what MLflow can log as a metric."""
    out: dict[str, float] = {}
    for key, value in values.items():
        if hasattr(value, "item"):
            value = value.item()
        if isinstance(value, numbers.Number) and not isinstance(value, bool):
            out[key] = float(value)
    return out


def is_main_process() -> bool:
    """Whether this process should log."""
    return os.environ.get("RANK", "0") == "0" and os.environ.get("LOCAL_RANK", "0") == "0"


def chunks(items: dict[str, Any], size: int = 100) -> list[dict[str, Any]]:
    """Split a dict so that each part fits in one batch."""
    keys = list(items)
    return [{k: items[k] for k in keys[i : i + size]} for i in range(0, len(keys), size)]
