"""Files that are left as they are, whatever they refer to."""

from __future__ import annotations

from pathlib import PurePosixPath

from trackfix.project.generated import generated_files
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_module, is_test_path

# Folders in which tests keep what they read.
_DATA = frozenset(
    {
        *("data", "expected", "golden", "input", "inputs", "resources", "samples", "snippets"),
        *("test_data", "testdata"),
    }
)
_WHY_DATA = "it is data of the tests"
# Folders of copies of other people's code, which the next copy replaces. A plain ``vendor`` may be
# a word of the domain.
_VENDORED = frozenset({"_vendor", "_vendored", "third_party"})
_WHY_VENDORED = "it is vendored: a copy of code that is kept elsewhere"


def untouched_files(project: Project) -> dict[str, str]:
    """The files that a program writes, that are copied from elsewhere, or that tests only read,
    each with the reason."""
    vendored = (path for path in project.facts if not _VENDORED.isdisjoint(path.split("/")[:-1]))
    data = (path for path in project.facts if "test" in path and _is_data(path, project))
    return (
        generated_files(project)
        | dict.fromkeys(vendored, _WHY_VENDORED)
        | dict.fromkeys(data, _WHY_DATA)
    )


def _is_data(path: str, project: Project) -> bool:
    """Whether a file lies among the data of tests, and nobody outside of them imports it."""
    folder = _data_folder(path)
    if not folder or is_test_module(path) or path.endswith("conftest.py"):
        return False
    importers = project.facts.may_import(project.names_of(path))
    return all(other.startswith(folder) for other in importers)


def _data_folder(path: str) -> str:
    """The outermost folder of data of tests around a file, with its slash; empty if none is."""
    parts = PurePosixPath(path).parts[:-1]
    for place, part in enumerate(parts):
        around = "/".join(parts[: place + 1])
        if part in _DATA and (part.startswith("test") or is_test_path(f"{around}/")):
            return f"{around}/"
    return ""
