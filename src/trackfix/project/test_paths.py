"""Which files are tests."""

from __future__ import annotations

_FOLDERS = frozenset({"test", "testing", "tests"})


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
