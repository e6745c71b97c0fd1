"""Records, data classes and named tuples, as values that JSON can express, and back."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
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
    return _reader(kind)(value)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """What reads values of one kind. It is made once: to take annotations apart takes longer than
    to read."""
    if isinstance(kind, type) and (is_dataclass(kind) or hasattr(kind, "_fields")):
        return _record_reader(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    others = [part for part in arguments if part is not type(None)]
    if origin in (Union, types.UnionType) and len(others) == 1:
        inner = _reader(others[0])
        return lambda value: None if value is None else inner(value)
    if origin is tuple:
        readers = tuple(_reader(part) for part in arguments if part is not Ellipsis)
        if arguments[-1] is Ellipsis:
            return lambda value: tuple(map(readers[0], value))
        return lambda value: tuple(r(part) for r, part in zip(readers, value, strict=True))
    if origin in (dict, Mapping):
        held = _reader(arguments[1])
        return lambda value: {key: held(part) for key, part in value.items()}
    allowed = arguments if origin is Literal else None

    def simple(value: Any) -> Any:
        if value not in allowed if allowed is not None else not isinstance(value, kind):
            raise TypeError(f"{value!r} is none of {allowed or kind}")
        return value

    return simple


def _record_reader(kind: type) -> Callable[[Any], Any]:
    readers: dict[str, Callable[[Any], Any]] = {}

    def record(value: Any) -> Any:
        if not readers:  # not before, as a record may hold others of its kind
            readers.update((name, _reader(hint)) for name, hint in get_type_hints(kind).items())
        return kind(**{name: readers[name](part) for name, part in value.items()})

    return record
