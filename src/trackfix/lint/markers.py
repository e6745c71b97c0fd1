"""Whether a file has marks that suppress findings, told by its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from trackfix.source.patterns import lazy_pattern

_BARE_NOQA = lazy_pattern(rb"noqa\b(?!:\s?[a-z]+[0-9])", re.IGNORECASE)


def may_complain(data: bytes, names: Iterable[str]) -> bool:
    """Whether a file with these bytes could have a finding of TRK001.

    That is far rarer than a directive: a ``noqa`` without a code of ours, as there are many,
    is nothing to complain of. ``names`` has the code of every rule there is.
    """
    if b"trackfix:" in data:
        return True
    lowered = data.lower()
    return b"noqa:" in lowered and bool(_own_noqa(frozenset(map(family, names))).search(lowered))


def may_suppress(data: bytes, names: Iterable[str]) -> bool:
    """Whether a file with these bytes could suppress a finding: by a mark with a code of ours, or
    by one without any."""
    return may_complain(data, names) or _BARE_NOQA.search(data) is not None


@cache
def _own_noqa(families: frozenset[str]) -> re.Pattern[bytes]:
    letters = "|".join(sorted(families)).lower()
    return re.compile(rf"noqa:[^\r\n]*\b(?:{letters})[0-9]".encode())


def family(code: str) -> str:
    """The letters that a code starts with, which tell whose it is."""
    return code.upper().rstrip("0123456789")
