"""Nested settings to flat parameters."""

from dataclasses import asdict, is_dataclass
from typing import Any, Dict, Mapping


def flatten(settings: Any, prefix: str = "", sep: str = "/") -> Dict[str, Any]:
    """Turn {"a": {"b": 1}} into {"a/b": 1}."""
    if is_dataclass(settings):
        settings = asdict(settings)
    elif not isinstance(settings, Mapping):
        settings = vars(settings)
    flat: Dict[str, Any] = {}
    for key, value in settings.items():
        name = f"{prefix}{sep}{key}" if prefix else str(key)
        if isinstance(value, Mapping) or is_dataclass(value):
            flat.update(flatten(value, name, sep))
        else:
            flat[name] = value
    return flat


def shorten(value: Any, limit: int = 500) -> str:
    text = str(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def chunks(items: Mapping[str, Any], size: int = 100):
    """Cut a mapping into lists of items, as a batch may have only so many."""
    pairs = list(items.items())
    for start in range(0, len(pairs), size):
        yield pairs[start:start + size]
