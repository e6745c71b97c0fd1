"""The order of imports, as isort and ruff sort them, recognised before it is kept.

Options ``order_by_type`` and ``force_sort_within_sections`` in
https://pycqa.github.io/isort/docs/configuration/options.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

from trackfix.source.patterns import lazy_pattern

_Item = TypeVar("_Item")
_Key = Callable[[_Item], tuple[object, ...]]
_DIGITS = lazy_pattern(r"(\d+)")


def natural(text: str) -> tuple[object, ...]:
    """Compares digits by value: ``x2`` before ``x10``."""
    return tuple(
        (1, int(part), "") if part.isdigit() else (0, 0, part) for part in _DIGITS.split(text)
    )


def sort_key_of(items: Sequence[_Item], keys: Sequence[_Key[_Item]]) -> _Key[_Item] | None:
    """The first of ``keys`` by which ``items`` are sorted; None when they are by none."""
    for key in keys:
        values = [key(item) for item in items]
        if all(left <= right for left, right in pairwise(values)):
            return key
    return None


def _by_type(name: str) -> tuple[object, ...]:
    if name.isupper() and len(name) > 1:
        return (0, natural(name.lower()), name)
    return (1 if name[:1].isupper() else 2, natural(name.lower()), name)


def _regardless_of_type(name: str) -> tuple[object, ...]:
    return (natural(name.lower()), name)


NAME_KEYS: tuple[_Key[str], ...] = (
    _by_type,
    _regardless_of_type,
    lambda name: (natural(name),),
)


def _module_key(module: str, *, fold: bool) -> tuple[object, ...]:
    level = len(module) - len(module.lstrip("."))
    text = module[level:]
    return (-level, natural(text.lower() if fold else text))


# A statement is given as: is it a from-import, the module as written, and its first name.
STATEMENT_KEYS: tuple[_Key[tuple[bool, str, str]], ...] = (
    lambda item: (item[0], _module_key(item[1], fold=True), _by_type(item[2])),
    lambda item: (item[0], _module_key(item[1], fold=False), _by_type(item[2])),
    lambda item: (_module_key(item[1], fold=True), item[0], _by_type(item[2])),
    lambda item: (_module_key(item[1], fold=False), item[0], _by_type(item[2])),
    # Where each name has an import of its own, its type need not count.
    lambda item: (item[0], _module_key(item[1], fold=True), _regardless_of_type(item[2])),
    lambda item: (_module_key(item[1], fold=True), item[0], _regardless_of_type(item[2])),
)
