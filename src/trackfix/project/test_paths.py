"""Which files are tests."""

from __future__ import annotations

from trackfix.source.patterns import lazy_pattern

_FOLDERS = frozenset({"test", "testing", "tests"})
# The words alone stand in texts, too, and no module is ``self``.
_REPLACES = lazy_pattern(
    r"\b(?:(?:from|import)[ \t]+(?:\w+\.)*mock\b|mock\.\w|mocker\b|monkeypatch\b"
    r"|setattr\b(?!\((?:self|cls)\s*,))"
)


def is_test_path(path: str) -> bool:
    """Whether a file belongs to the tests, by pytest's naming rules and folder customs."""
    *folders, name = path.split("/")
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
        or not _FOLDERS.isdisjoint(folders)
    )


def is_test_module(path: str) -> bool:
    """Whether a file holds tests themselves, and not what tests have in common."""
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py")


def may_patch(path: str, text: str) -> bool:
    """Whether a file may replace what others look up: one of the tests, or one that says so. What
    helps tests, such as the fakes that a package ships, may stand outside of their folders."""
    return is_test_path(path) or _REPLACES.search(text) is not None
