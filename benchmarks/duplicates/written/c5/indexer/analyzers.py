"""Token filters for compound words."""

from __future__ import annotations

import re
import unicodedata

JOINTS = ("s", "es", "n", "en", "")


def fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("ß", "ss"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", fold(text))


def split_compound(word: str, vocabulary: set[str]) -> list[str]:
    for cut in range(3, len(word) - 2):
        head, tail = word[:cut], word[cut:]
        for joint in JOINTS:
            stem = head[: -len(joint)] if joint and head.endswith(joint) else head
            if stem in vocabulary and tail in vocabulary:
                return [stem, tail]
    return [word]


def expand(text: str, vocabulary: set[str]) -> list[str]:
    return [part for word in tokens(text) for part in split_compound(word, vocabulary)]
