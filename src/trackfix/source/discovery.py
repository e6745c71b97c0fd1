"""Which files a project has: what git knows, or a walk where there is no git."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from trackfix.source import git
from trackfix.source.own_pages import PAGE_SUFFIXES, is_own_page
from trackfix.source.patterns import lazy_pattern
from trackfix.source.templates import is_in_template
from trackfix.source.walk import is_tool_directory, walk

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

# When a file and its status were last changed, in nanoseconds, and its size.
Stamp = tuple[int, int, int]

_MAX_TEXT_BYTES = 1 << 20
_BINARY = """
    7z a avi bin bmp bz2 ckpt class dat db dll dmg doc docx dylib egg eot exe feather flac gif gz
    h5 hdf5 ico jar joblib jpeg jpg keras lib lz4 mat mo mov mp3 mp4 msgpack mpeg npy npz o odt
    ogg onnx orc otf parquet pb pdf pickle pkl png ppt pptx psd pt pth pyc pyd pyo rar
    safetensors so sqlite sqlite3 svgz tar tflite tgz tif tiff ttf wav webm webp whl woff woff2
    xls xlsx xz zip zst
"""
_BINARY_SUFFIXES = frozenset(_BINARY.split())
# What pickle, joblib, PyTorch and NumPy write is usually named so; the first ones also when
# something packs them.
_PACKED_SUFFIXES = frozenset({"joblib", "pickle", "pkl"})
_PICKLE_SUFFIXES = _PACKED_SUFFIXES | {"ckpt", "npy", "npz", "pt", "pth"}
_PACKERS = frozenset({"bz2", "gz", "xz", "zip"})
_MAX_PICKLE_BYTES = 1 << 26
_PROJECT_FILES = ("pyproject.toml", "setup.cfg")
_BUILDS = lazy_pattern(rb"^[ \t]*(?:\w+\.)*setup\s*\(", re.MULTILINE)
# A regular expression, as a TOML parser would cost start-up.
_SETTINGS = lazy_pattern(rb"^\s*\[\s*tool\s*\.\s*trackfix\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a project: sorted paths relative to `root`, with forward slashes.

    `text` holds what may mention a module by name: neither Python nor binary nor above 1 MiB, and
    no page that trackfix wrote. `pickles` are files of up to 64 MiB that Python unpickles.
    `left_out` are files that would be among these if they were smaller, or not written by trackfix.
    `git` says whether git named the files; `stamps` tells their versions apart.
    """

    root: Path
    python: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    pickles: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    git: bool = False
    stamps: Mapping[str, Stamp] = field(default_factory=dict, compare=False, repr=False)


def find_root(path: Path) -> Path:
    """The project that a file or directory belongs to, as an absolute path.

    The nearest directory with `.git` or a project file; if that has no settings of ours, the next
    one above it in the same repository that has some, and does not exclude it. Else the directory
    itself, or the one that holds the package it is in. The project file of a template is none.
    Never fails.
    """
    start = _folder_of(path)
    marked = _marked(start)
    if marked is not None:
        return marked
    while (start / "__init__.py").is_file() and start.parent != start:
        start = start.parent  # a folder inside a package is no place to import from
    return start


def is_part_of_repository(root: Path) -> bool:
    """Whether the project at `root` is only a part of a repository, which may have others."""
    return not os.path.lexists(root / ".git") and any(
        os.path.lexists(folder / ".git") for folder in root.parents
    )


def is_in_project(path: Path) -> bool:
    """Whether a file or directory belongs to a project by more than the folder that it is in."""
    return _marked(_folder_of(path)) is not None


def _folder_of(path: Path) -> Path:
    start = Path(os.path.abspath(path))
    return start if start.is_dir() else start.parent


def _marked(start: Path) -> Path | None:
    """The nearest directory with `.git` or a project file, or the one whose settings count."""
    nearest: Path | None = None
    with_settings: Path | None = None
    for directory in (start, *start.parents):
        is_top = os.path.lexists(directory / ".git")
        if nearest is None:
            is_project = _has_project_file(directory) and not is_in_template(directory)
            if is_top or is_project:
                nearest = directory
                if not is_top and _read_settings(directory) is not None:
                    return directory
        elif with_settings is None:
            settings = _read_settings(directory)
            inside = (nearest / "pyproject.toml").relative_to(directory).as_posix()
            if settings is not None and not is_excluded(inside, _exclude(settings)):
                with_settings = directory
        if is_top:
            return with_settings or nearest
    return nearest


def _read_settings(directory: Path) -> bytes | None:
    """The `pyproject.toml` of a directory, if it has settings of ours."""
    try:
        data = (directory / "pyproject.toml").read_bytes()
    except OSError:
        return None
    return data if _SETTINGS.search(data) else None


def _exclude(data: bytes) -> Sequence[str]:
    """The setting `exclude`. What can't be used is nothing here: whoever reads the settings of the
    project complains of it."""
    from trackfix.source.toml_text import parse_toml

    try:
        found = parse_toml(data.decode())["tool"]["trackfix"].get("exclude", ())
        _spec(found)
    except (ValueError, KeyError, TypeError, AttributeError, re.error):
        return ()
    return list(found) if isinstance(found, list) else ()


def settings_above(root: Path) -> Iterator[Path]:
    """The files, there or not, by which a directory above `root` may become the project."""
    for directory in (root, *root.parents):
        if directory != root:
            yield directory / "pyproject.toml"
        if os.path.lexists(directory / ".git"):
            return


def _has_project_file(directory: Path) -> bool:
    return any((directory / name).is_file() for name in _PROJECT_FILES) or _is_built_from(directory)


def _is_built_from(directory: Path) -> bool:
    """Whether a directory has a script that builds a distribution, and no module of that name."""
    if (directory / "__init__.py").is_file():
        return False
    try:
        return _BUILDS.search((directory / "setup.py").read_bytes()) is not None
    except OSError:
        return False


def is_excluded(path: str, exclude: Sequence[str]) -> bool:
    """Whether one of the gitignore-style patterns matches a relative path."""
    excluded = _spec(exclude)
    return excluded is not None and excluded.match_file(path)


def discover(root: Path, exclude: Sequence[str] = ()) -> Listing:
    """All files below `root`, less those that the gitignore-style patterns `exclude` match.

    Asks git what it tracks or would track; walks the directories, heeding each .gitignore,
    where git is missing, fails or knows nothing (as in a directory that it ignores).
    Symbolic links are left out, as the real file is listed under its own path. Directories that
    tools fill, such as virtual environments and caches, are left out. Never fails: what can't be
    read is skipped.
    """
    excluded = _spec(exclude)
    listed = git.list_files(root)
    if listed:
        found = _real_files(root, listed)
    else:
        found = walk(root, excluded)
    python: list[str] = []
    stubs: list[str] = []
    notebooks: list[str] = []
    text: list[str] = []
    pickles: list[str] = []
    left_out: list[str] = []
    stamps: dict[str, Stamp] = {}
    for path, status in found:
        if excluded is not None and excluded.match_file(path):
            continue
        if path.endswith(".py"):
            python.append(path)
        elif path.endswith(".pyi"):
            stubs.append(path)
        elif path.endswith(".ipynb"):
            notebooks.append(path)
        elif (
            status.st_size <= _MAX_TEXT_BYTES
            and _suffix(path) not in _BINARY_SUFFIXES
            and not (path.endswith(PAGE_SUFFIXES) and is_own_page(root / path))
        ):
            text.append(path)
        elif status.st_size <= _MAX_PICKLE_BYTES and _is_pickle(path):
            pickles.append(path)
        else:
            if _is_pickle(path) or _suffix(path) not in _BINARY_SUFFIXES:
                left_out.append(path)
            continue
        stamps[path] = (status.st_mtime_ns, status.st_ctime_ns, status.st_size)
    return Listing(
        root=root,
        python=tuple(sorted(python)),
        stubs=tuple(sorted(stubs)),
        notebooks=tuple(sorted(notebooks)),
        text=tuple(sorted(text)),
        pickles=tuple(sorted(pickles)),
        left_out=tuple(sorted(left_out)),
        git=bool(listed),
        stamps=stamps,
    )


def dirty_paths(root: Path) -> frozenset[str] | None:
    """Files below `root` with uncommitted changes: modified, staged, deleted or untracked.

    None where git can't say: it is missing, there is no work tree, or git ignores `root`.
    """
    return git.changed_files(root)


def is_distrusted(root: Path) -> bool:
    """Whether git won't say what is uncommitted because the repository is another user's."""
    return git.distrusts(root)


def _is_pickle(path: str) -> bool:
    """Whether the name of a file is one of a pickle, be it packed: ``model.pkl.gz``."""
    suffix = _suffix(path)
    packed = _suffix(path[: -len(suffix) - 1]) if suffix in _PACKERS else ""
    return suffix in _PICKLE_SUFFIXES or packed in _PACKED_SUFFIXES


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1][1:].lower()


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec | None:
    if not patterns:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _real_files(root: Path, paths: Iterable[str]) -> Iterable[tuple[str, os.stat_result]]:
    """Those paths of git's that are regular files now, with their status."""
    usable: dict[str, bool] = {"": True}
    base = os.path.join(root, "")
    for path in paths:
        directory = path.rpartition("/")[0]
        if not (usable.get(directory) or _is_usable(root, directory, usable)):
            continue
        try:
            status = os.lstat(base + path)
        except OSError:
            continue
        if stat.S_ISREG(status.st_mode):
            yield path, status


def _is_usable(root: Path, directory: str, known: dict[str, bool]) -> bool:
    """Whether a directory is real (git's index may be older than a symlink) and not a tool's."""
    answer = known.get(directory)
    if answer is None:
        parent, name = os.path.split(directory)
        full = os.path.join(root, directory)
        answer = (
            _is_usable(root, parent, known)
            and not os.path.islink(full)
            and not is_tool_directory(full, name)
        )
        known[directory] = answer
    return answer
