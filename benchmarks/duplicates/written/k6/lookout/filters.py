"""Small builder of MLflow filters."""

from __future__ import annotations

from typing import Any


def quote(value: Any) -> str:
    """A value as the filter wants it."""
    text = str(value).replace("'", "\\'")
    return f"'{text}'"


def tag(key: str, value: Any) -> str:
    """A tag that equals a value."""
    return f"tags.`{key}` = {quote(value)}"


def all_of(*parts: str) -> str:
    """All parts must hold."""
    return " and ".join(p for p in parts if p)


FINISHED = "attributes.status = 'FINISHED'"
NEWEST = ["attributes.start_time DESC"]
