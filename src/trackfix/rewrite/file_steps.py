"""The steps of a transaction on the disk: each file is brought to one side of the journal.

All that needs room is written beside the files first; what then remains are renames.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trackfix.rewrite.journal import (
    HOME,
    Change,
    Journal,
    Side,
    TransactionError,
    give_to,
    sync,
    write_all,
    write_new,
)

_NEW_FOLDER = ".trackfix-folder.tmp"


@dataclass(frozen=True, slots=True)
class _Step:
    """One file that does not hold yet what it should."""

    name: str
    path: Path
    temporary: Path
    look: Path
    found: bytes | None
    wanted: bytes | None
    linked: bool


def _locate(root: Path, path: str) -> Path:
    """Where the file lies; an error if a symlinked folder leads out of the project."""
    place = root / path
    folder = Path(os.path.realpath(place.parent))
    if not folder.is_relative_to(root) or folder.is_relative_to(root / HOME):
        raise TransactionError(
            f"{path}: a symlinked folder leads out of the project; change the file where it lies"
        )
    return place


def read(root: Path, path: str) -> bytes | None:
    """What a file of the project holds; None if it is not there.

    Raises:
        TransactionError: it is no regular file, or lies outside of the project.
    """
    place = _locate(root, path)
    try:
        mode = place.lstat().st_mode
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        raise TransactionError(f"{path}: there is a file where its folder was; move it") from None
    if not stat.S_ISREG(mode):
        raise TransactionError(f"{path}: a symlink or no regular file; change what it points to")
    return place.read_bytes()


def bring(root: Path, journal: Journal, side: Side) -> None:
    """Make every file hold one side of the journal; nothing is touched if one is neither.

    Raises:
        TransactionError: a file holds something else.
        OSError: it can't be written; others may have been.
    """
    steps = _steps(root, journal, side)
    staged = [step for step in steps if step.wanted is not None and not step.linked]
    # All that needs room on the disk comes before the first file that changes.
    for step in staged:
        _make_folder(root, step.path.parent, journal)
        write_new(step.temporary, step.wanted or b"", step.look)
    for step in staged:
        sync(step.temporary)
    for step in steps:
        now = read(root, step.name)
        if now == step.wanted:
            # Somebody came first: we did, where the file has two names.
            step.temporary.unlink(missing_ok=True)
            continue
        if now != step.found:
            raise TransactionError(f"{step.name}: changed by another program; run trackfix again")
        _take(step)
    for folder in {step.path.parent for step in steps}:
        sync(folder)


def _steps(root: Path, journal: Journal, side: Side) -> list[_Step]:
    steps = []
    paths = [_locate(root, change.path) for change in journal.changes]
    temporaries = [path.with_name(f".trackfix-{i}.tmp") for i, path in enumerate(paths)]
    _clear(root, temporaries)
    for index, (change, path) in enumerate(zip(journal.changes, paths, strict=True)):
        found, wanted = read(root, change.path), change.on(side)
        linked = found is not None and path.stat().st_nlink > 1
        if found not in (change.before, change.after) and not (linked and _is_torn(change, found)):
            raise TransactionError(
                f"{change.path}: changed by another program before trackfix was done; make it"
                f" equal to {journal.blob(index, 'before')} or .after and run trackfix again, or"
                f" delete {journal.folder} to keep every file as it is now"
            )
        if found != wanted:
            look = path if found is not None else journal.blob(index, "before")
            steps.append(_Step(change.path, path, temporaries[index], look, found, wanted, linked))
    return steps


def _clear(root: Path, temporaries: Sequence[Path]) -> None:
    for temporary in temporaries:
        with suppress(FileNotFoundError, NotADirectoryError):
            temporary.unlink()
        for folder in temporary.parents:
            with suppress(FileNotFoundError, NotADirectoryError):
                (folder / _NEW_FOLDER).rmdir()
            if folder == root:
                break


def _take(step: _Step) -> None:
    if step.wanted is None:
        step.path.unlink()
    elif step.linked:
        _overwrite(step.path, step.wanted)
    else:
        os.replace(step.temporary, step.path)


def _overwrite(path: Path, content: bytes) -> None:
    """Write into the file itself, so that every other name it has goes on naming it."""
    descriptor = os.open(path, os.O_WRONLY)
    try:
        write_all(descriptor, content, path)
        os.ftruncate(descriptor, len(content))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_torn(change: Change, found: bytes | None) -> bool:
    """Whether ``_overwrite`` may have left this, killed on its way in either direction."""
    before, after = change.before, change.after
    if found is None or after is None:
        return False
    shorter, longer = sorted((len(before), len(after)))
    return shorter <= len(found) <= longer and all(
        byte in (*before[i : i + 1], *after[i : i + 1]) for i, byte in enumerate(found)
    )


def _make_folder(root: Path, folder: Path, journal: Journal) -> None:
    if folder.exists():
        return
    _make_folder(root, folder.parent, journal)
    look = journal.folders[folder.relative_to(root).as_posix()]
    # It gets its name last: a kill in between would leave it with the wrong mode for good.
    nameless = folder.with_name(_NEW_FOLDER)
    nameless.mkdir()
    give_to(nameless, look.uid, look.gid)
    nameless.chmod(look.mode)
    os.rename(nameless, folder)
    sync(folder.parent)


def prune(root: Path, name: str) -> None:
    """Delete what Python compiled from a removed module, and the folders it leaves empty."""
    # Leftovers of this kind do no harm, so none of them is worth a failure.
    with suppress(OSError, TransactionError):
        removed = _locate(root, name)
        if removed.suffix == ".py":
            _delete_compiled(removed)
        for folder in removed.parents:
            if folder == root:
                break
            folder.rmdir()


def _delete_compiled(module: Path) -> None:
    cache = module.with_name("__pycache__")
    if not cache.is_dir() or cache.is_symlink():
        return
    for compiled in list(cache.iterdir()):
        if compiled.suffix == ".pyc" and compiled.name.startswith(f"{module.stem}."):
            compiled.unlink()
    with suppress(OSError):
        cache.rmdir()
