"""Build filters of MLflow from values."""

from __future__ import annotations

from typing import Any


def quote(value: Any) -> str:
    return "'" + str(value).replace("'", "\\'") + "'"


def tag(name: str, value: Any) -> str:
    return f"tags.`{name}` = {quote(value)}"


def attribute(name: str, operator: str, value: Any) -> str:
    text = str(value) if isinstance(value, int) else quote(value)
    return f"attributes.{name} {operator} {text}"


def status(value: str) -> str:
    return attribute("status", "=", value)


def all_of(*parts: str) -> str:
    return " and ".join(part for part in parts if part)
