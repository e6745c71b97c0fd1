"""Regular expressions that are compiled when they are first used.

A run on one file imports a hundred and more of them and uses a few; to compile them all would take
as long as all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, AnyStr, cast


def lazy_pattern(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` gives, made at the first use. ``re.error`` is raised then, too."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(pattern, flags))


def holds_match(text: AnyStr, pattern: re.Pattern[AnyStr], words: Iterable[AnyStr]) -> bool:
    """Whether a text holds a match of ``pattern``, each of which has one of ``words`` in it. To
    look for words takes a small part of the time that a pattern takes."""
    return any(word in text for word in words) and pattern.search(text) is not None


class _LazyPattern:
    def __init__(self, pattern: Any, flags: int) -> None:
        self._arguments = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        # Kept, so that the second use costs no more than with a compiled one.
        found = self.__dict__[name] = getattr(re.compile(*self._arguments), name)
        return found
