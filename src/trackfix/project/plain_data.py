"""Records, data classes and named tuples, as values that JSON can express, and back."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """The plain form of a record, or of what one may hold. What does not count when two of them are
    compared is left out."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: to_plain(part) for name, part in zip(value._fields, value, strict=True)}
    if is_dataclass(value) and not isinstance(value, type):
        kept = (field.name for field in fields(value) if field.compare)
        return {name: to_plain(getattr(value, name)) for name in kept}
    if isinstance(value, (tuple, list)):
        return [to_plain(part) for part in value]
    if isinstance(value, Mapping):
        return {key: to_plain(part) for key, part in value.items()}
    return value


def from_plain(kind: Any, value: Any) -> Any:
    """What has the plain form ``value`` and is of this kind.

    Raises:
        TypeError, KeyError, AttributeError: there is none.
    """
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")):
        hints = _hints(kind)
        return kind(**{name: from_plain(hints[name], part) for name, part in value.items()})
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (part for part in arguments if part is not type(None))
        return None if value is None else from_plain(inner, value)
    if origin is tuple:
        kinds = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(from_plain(inner, part) for inner, part in zip(kinds, value, strict=True))
    if origin in (dict, Mapping):
        return {key: from_plain(arguments[1], part) for key, part in value.items()}
    if origin is Literal:
        if value not in arguments:
            raise TypeError(f"{value!r} is none of {arguments}")
        return value
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is not of type {kind.__name__}")
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
