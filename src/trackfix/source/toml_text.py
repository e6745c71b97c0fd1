"""Reads TOML, of which the standard library knows nothing before Python 3.11."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        ValueError: it is no valid TOML.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    return tomllib.loads(text)


def table_at(value: object, *keys: str) -> Mapping[str, Any]:
    """The table that a way of ``keys`` leads to from a table; empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
