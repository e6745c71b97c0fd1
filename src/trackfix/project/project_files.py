"""The files that may declare source roots of a project, and where they count."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from trackfix.source.discovery import Stamp

PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini")


def is_project_file(path: str) -> bool:
    """Whether a file has the name of one that may declare source roots."""
    return path.rpartition("/")[2] in PROJECT_FILES


def folders_around(paths: Iterable[str]) -> set[str]:
    """The folders around these files, the project's own included."""
    folders = {""}
    for path in paths:
        while (path := path.rpartition("/")[0]) and path not in folders:
            folders.add(path)
    return folders


def package_folders(paths: Iterable[str]) -> set[str]:
    """The folders that one of these files makes a package: a ``setup.py`` inside of one builds a
    part of it, and declares no source roots of the project."""
    return {path.rpartition("/")[0] for path in paths if path.endswith("/__init__.py")}


def project_file_stamps(root: Path, files: Iterable[str]) -> Iterator[tuple[str, Stamp]]:
    """The files that may declare source roots of these ``files``, each with its version. Git may
    ignore one, the settings may exclude it, and it may be a symbolic link."""
    paths = list(files)
    base = os.path.join(root, "")
    for folder in sorted(folders_around(paths) - package_folders(paths)):
        prefix = f"{folder}/" if folder else ""
        for path in (f"{prefix}{name}" for name in PROJECT_FILES):
            try:
                status = os.stat(base + path)
            except OSError:
                continue
            yield path, (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
