"""A page that needs nothing else: no network, no script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from trackfix import PAGE_MARK
from trackfix.report.words import printable

_QUOTED = re.compile(r"(`+)(.+?)\1")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def document(kind: str, title: str, style: str, body: Iterable[str]) -> str:
    """A whole page. ``kind`` is what of ours it is, so that it is known again; ``title`` and
    ``kind`` are plain text, ``style`` is CSS and ``body`` HTML below the title."""
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'{PAGE_MARK}{text(kind)}">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{text(title)}</title>",
            f"<style>{style}</style>\n</head>\n<body>",
            f"<header><h1>{text(title)}</h1></header>",
            *body,
            "</body>\n</html>",
        ]
    )


def text(plain: str) -> str:
    """Plain text as HTML shows it, in one line."""
    return escape(printable(plain))


def code(plain: str) -> str:
    """The same, as code."""
    return f"<code>{text(plain)}</code>"


def prose(marked: str) -> str:
    """A line of Markdown or reStructuredText: what stands between backticks is code."""
    parts = _QUOTED.split(marked)
    quoted = [code(part) for part in parts[2::3]]
    return "".join(a + b for a, b in zip(map(text, parts[::3]), [*quoted, ""], strict=True))
