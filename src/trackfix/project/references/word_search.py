"""Looks for words in the bytes of files."""

from __future__ import annotations

import re
from collections.abc import Iterable

# To look for so many words one by one takes less time than a pattern with a choice of them.
_FEW = 20


class WordSearch:
    """Finds any of some words where it is no part of a longer one."""

    def __init__(self, words: Iterable[str]) -> None:
        parts = sorted(words)
        self._words = tuple(word.encode() for word in parts)
        if all(map(str.isascii, parts)):
            choice = rf"\b(?:{'|'.join(map(re.escape, parts))})\b"
        else:
            choice = "|".join(map(_whole, parts))
        self._pattern = re.compile(choice.encode())

    def finds_in(self, data: bytes) -> bool:
        """Whether one of the words is in ``data``."""
        if len(self._words) <= _FEW and not any(word in data for word in self._words):
            return False
        return self._pattern.search(data) is not None


def _whole(word: str) -> str:
    """The pattern of one word. Among bytes, no word begins or ends at a letter beyond ASCII."""
    before, after = (r"\b" if end.isascii() else "" for end in (word[:1], word[-1:]))
    return f"{before}{re.escape(word)}{after}"
