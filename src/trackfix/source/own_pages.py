"""Pages that trackfix wrote. They name modules of the project, but nobody follows what they say."""

from __future__ import annotations

from pathlib import Path

from trackfix import PAGE_MARK

PAGE_SUFFIXES = (".html", ".htm")
# The mark stands at the start of a page, within so many bytes.
_HEAD = 256


def is_own_page(path: Path, kind: str = "") -> bool:
    """Whether a file is a page that trackfix wrote, of a ``kind`` if one is given. A file that
    can't be read is none."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return f"{PAGE_MARK}{kind}".encode() in head
