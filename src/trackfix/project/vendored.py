"""Copies of other people's code, which the next copy replaces, told by their folders."""

from __future__ import annotations

# A plain ``vendor`` may be a word of the domain.
_FOLDERS = frozenset({"_vendor", "_vendored", "third_party"})
_LIKELY_FOLDERS = _FOLDERS | {
    *("vendored", "_third_party", "thirdparty", "_thirdparty"),
    *("third_party_files", "thirdparty_files"),
}


def is_vendored(path: str) -> bool:
    """Whether a file is not the project's to change."""
    return not _FOLDERS.isdisjoint(path.split("/")[:-1])


def may_be_vendored(path: str) -> bool:
    """Whether what a file defines is likely not the project's to move."""
    return not _LIKELY_FOLDERS.isdisjoint(path.split("/"))
