"""Files that are left as they are, whatever they refer to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from trackfix.project.generated import generated_files
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_module, is_test_path
from trackfix.project.vendored import is_vendored
from trackfix.source.discovery import is_excluded

# Folders in which tests keep what they read.
_DATA = frozenset(
    {
        *("data", "expected", "golden", "input", "inputs", "resources", "samples", "snippets"),
        *("test_data", "testdata"),
    }
)
_WHY_DATA = "it is data of the tests"
_WHY_VENDORED = "it is vendored: a copy of code that is kept elsewhere"


def untouched_files(project: Project) -> dict[str, str]:
    """The files that a program writes, that are copied from elsewhere, that tests only read, or
    that the settings nearest to them exclude, each with the reason."""
    vendored = filter(is_vendored, project.facts)
    data = (path for path in project.facts if "test" in path and _is_data(path, project))
    return (
        generated_files(project)
        | dict.fromkeys(vendored, _WHY_VENDORED)
        | dict.fromkeys(data, _WHY_DATA)
        | dict(_excluded(project))
    )


def _excluded(project: Project) -> Iterator[tuple[str, str]]:
    """The files that nested settings exclude. The project reads them, as others may use them."""
    for folder, config in project.nested_configs.items():
        for path in project.facts if config.exclude else ():
            if project.config_for(path) is config and is_excluded(
                path.removeprefix(f"{folder}/"), config.exclude
            ):
                yield path, f"{folder}/pyproject.toml excludes it"


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
