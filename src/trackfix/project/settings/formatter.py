"""What a project's formatter and import sorter are told of the form of its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def combines_as(tools: Mapping[str, Any]) -> bool:
    """Whether the project's sorter keeps ``a`` and ``b as c`` in one from-import.

    https://docs.astral.sh/ruff/settings/#lint_isort_combine-as-imports
    """
    paths = (("ruff", "lint", "isort"), ("ruff", "isort"), ("isort",))
    tables = [_table_at(tools, path) for path in paths]
    return any(
        table.get(key) is True
        for table in tables
        for key in ("combine-as-imports", "combine_as_imports")
    )


def _table_at(tools: Mapping[str, Any], path: tuple[str, ...]) -> Mapping[str, Any]:
    table: Any = tools
    for part in path:
        table = table.get(part) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def line_length(tools: Mapping[str, Any]) -> int:
    """The line length that the project's own formatter keeps; 88 is that of black and ruff."""
    for tool, key in (
        ("trackfix", "line-length"),
        ("ruff", "line-length"),
        ("black", "line-length"),
        ("isort", "line_length"),
    ):
        settings = tools.get(tool)
        length = settings.get(key) if isinstance(settings, dict) else None
        if isinstance(length, int) and is_length(length):
            return length
    return 88


def is_length(value: object) -> bool:
    """Whether a value can be the length of a line."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
