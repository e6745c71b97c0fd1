from __future__ import annotations

import html
import re
import unicodedata

_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
_FOOTER = re.compile(r"^--\s*$.*", re.MULTILINE | re.DOTALL)
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\b\d[\d./-]*\b")
_MAIL = re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.]+\b")


def clean(text: str, max_len: int = 4000) -> str:
    text = unicodedata.normalize("NFKC", html.unescape(text))
    text = _FOOTER.sub("", _QUOTED.sub("", text))
    text = _MAIL.sub(" EMAIL ", text)
    text = _NUMBER.sub(" NUM ", text)
    return _SPACE.sub(" ", text).strip()[:max_len]


def join(subject: str, body: str, max_len: int) -> str:
    return clean(f"{subject}\n{body}", max_len)


def shards(items: list, size: int):
    for i in range(0, len(items), size):
        yield items[i : i + size]
