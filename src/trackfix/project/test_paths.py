"""Which files are tests."""

from __future__ import annotations

from pathlib import PurePosixPath


def is_test_path(path: str) -> bool:
    """Whether a file belongs to the tests, by pytest's naming rules and folder customs."""
    parts = PurePosixPath(path).parts
    name = parts[-1]
    return (
        name.startswith("test_")
        or name.endswith("_test.py")
        or name == "conftest.py"
        or any(part in ("tests", "test", "testing") for part in parts[:-1])
    )


def is_test_module(path: str) -> bool:
    """Whether a file holds tests themselves, and not what tests have in common."""
    name = PurePosixPath(path).name
    return name.startswith("test_") or name.endswith("_test.py")
