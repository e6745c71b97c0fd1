"""Files that tell what imports mean whether git lists them or not: those that may declare source
roots, and extension modules."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from trackfix.source.discovery import Stamp

PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini")
COMPILED = (".so", ".pyd", ".pyx")
# Of an extension module only counts that it is there.
_THERE: Stamp = (0, 0, 0)


def tells_of_imports(path: str) -> bool:
    """Whether a file has the name of one that may declare source roots, or of an extension."""
    return path.rpartition("/")[2] in PROJECT_FILES or path.endswith(COMPILED)


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


def unlisted_stamps(root: Path, files: Iterable[str]) -> Iterator[tuple[str, Stamp]]:
    """What tells of the imports of these ``files``, each with its version. Git may ignore it, the
    settings may exclude it, and it may be a symbolic link."""
    paths = list(files)
    packages = package_folders(paths)
    for folder in sorted(folders_around(paths)):
        prefix = f"{folder}/" if folder else ""
        try:
            names = os.listdir(os.path.join(root, folder))
        except OSError:
            continue
        for name in names:
            if name.endswith(COMPILED):
                yield prefix + name, _THERE
            elif name in PROJECT_FILES and folder not in packages:
                yield from _stamped(root, prefix + name)


def _stamped(root: Path, path: str) -> Iterator[tuple[str, Stamp]]:
    try:
        status = os.stat(os.path.join(root, path))
    except OSError:
        return
    yield path, (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
