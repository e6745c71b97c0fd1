"""All that the outcome of a run in a project rests on, as lines of `look_at`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from trackfix.lint.answers import as_line, look_at
from trackfix.project.modules.unlisted import PROJECT_FILES, tells_of_imports
from trackfix.source import git
from trackfix.source.discovery import Listing, settings_above
from trackfix.source.walk import is_environment, is_tool_directory

# As in the cache folder: a file may change again within the resolution of its time stamp.
_UNSETTLED = 2_000_000_000


def watched(listing: Listing, sources: Iterable[str], started: int) -> list[str] | None:
    """What must not change for the outcome of a run in this folder, the root of the project, to
    hold; None if that can't be told, or something was only just written.

    ``sources`` are the files of rules of others; ``started`` is the time in nanoseconds before the
    files were listed.
    """
    if not listing.git or ".gitmodules" in listing.stamps:
        return None
    settled = started - _UNSETTLED
    if any(stamp[0] > settled for stamp in listing.stamps.values()):
        return None
    try:
        subjects = [
            *(f"x{path}" for path in listing.stamps if tells_of_imports(path)),
            *(f"f{path}" for path in listing.left_out),
            *_folders(git.ignored_folders(listing.root)),
            *(f"x{path}" for path in git.state_files(listing.root)),
            *(f"x{path}" for path in sources),
            *_installed(listing.root),
            *(f"x{name}" for name in PROJECT_FILES),
            *(f"x{path}" for path in settings_above(listing.root)),
        ]
        lines = [look_at(subject) for subject in sorted(set(subjects))]
        # These were read after they were looked at, so that they need no second look.
        lines += [
            as_line(f"f{p}", *s) for p, s in listing.stamps.items() if not tells_of_imports(p)
        ]
    except OSError:
        return None
    is_plain = all(line.count("\t") == 1 and "\n" not in line for line in lines)
    return lines if is_plain and all(_time(line) <= settled for line in lines) else None


def _folders(ignored: frozenset[str]) -> Iterator[str]:
    """The folders in which a new file would be one of the project, and what git ignores in them.

    Raises:
        OSError: one holds another repository, whose files are its own.
    """
    for folder, names, files in os.walk("."):
        path = os.path.relpath(folder, ".")
        prefix = "" if path == "." else f"{path}/"
        yield f"d{path}"
        if prefix and ".git" in (*names, *files):
            raise OSError(f"{path} is a repository of its own")
        yield from (f"f{prefix}{name}" for name in files if name == ".gitignore")
        names[:] = [name for name in names if f"{prefix}{name}/" not in ignored]
        left_out = [name for name in names if is_tool_directory(os.path.join(folder, name), name)]
        # It is one of the project's once what marks it is gone.
        environments = [name for name in left_out if is_environment(os.path.join(folder, name))]
        yield from (f"d{prefix}{name}" for name in environments)
        names[:] = [name for name in names if name not in left_out]


def _installed(root: Path) -> Iterator[str]:
    """The folders that Python imports from: installing changes them."""
    for folder in sys.path:
        if folder and os.path.realpath(folder) != os.fspath(root):
            yield f"x{folder}"


def _time(line: str) -> int:
    stamp = line.partition("\t")[2]
    return int(stamp.partition(" ")[0]) if stamp else 0
