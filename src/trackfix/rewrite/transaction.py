"""Write all files of a plan or none, whatever happens meanwhile; take the last plan back.

``commit`` checks every file, stores both contents of each in a journal, and only then replaces
them. A failure takes back what was done so far; after a kill, ``recover`` does. Whoever calls
``commit``, ``recover`` or ``undo`` holds ``lock`` from the moment it reads the files.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from trackfix.rewrite.file_steps import bring, prune, read
from trackfix.rewrite.journal import (
    COMMITTED,
    COMMITTING,
    DISCARDED,
    HOME,
    LAST,
    PREPARING,
    UNDOING,
    Change,
    Journal,
    Side,
    TransactionError,
    drop,
    is_plain,
    make_home,
    read_journal,
    write_journal,
)

__all__ = ["Change", "TransactionError", "commit", "lock", "recover", "undo"]


@dataclass(frozen=True, slots=True)
class _Course:
    """One of the two ways through a journal."""

    running: str
    side: Side
    done: str


_FORWARD = _Course(COMMITTING, "after", COMMITTED)
_BACKWARD = _Course(UNDOING, "before", DISCARDED)


def commit(root: Path, changes: Sequence[Change]) -> None:
    """Make every change, or none; ``undo`` can take the last commit back.

    Raises:
        TransactionError: a file is not what the plan was made from, can't be written, or writing
            failed midway. All files are as they were, unless the message says otherwise.
    """
    wanted = tuple(change for change in changes if change.after != change.before)
    if not wanted:
        return
    root = root.resolve()
    with _in_one_line("no file was changed, mend this and run trackfix again"):
        _settle_earlier(root)
        _check_plan(root, wanted)
        _carry_out(root, write_journal(root, wanted), _FORWARD, _BACKWARD)
    # The commit stands. Tidying up after it is done again by whoever comes next.
    with suppress(OSError):
        _settle(root)


def undo(root: Path) -> tuple[str, ...]:
    """Take back the last commit, and return the paths of the files put back.

    Raises:
        TransactionError: there is no commit to take back, a file was changed since, or writing
            failed midway. All files are as they were, unless the message says otherwise.
    """
    root = root.resolve()
    with _in_one_line("no file was changed, mend this and run trackfix again"):
        _settle_earlier(root)
        last = root / HOME / LAST
        if not last.exists():
            raise TransactionError(f"{root}: nothing to undo")
        journal = read_journal(last)
        _check_undo(root, journal)
        _carry_out(root, journal, _BACKWARD, _FORWARD)
    with suppress(OSError):
        _settle(root)
    return tuple(change.path for change in journal.changes)


def edited_last(root: Path) -> dict[str, bytes]:
    """What the files held that the last commit edited, of those that are as it left them; nothing
    where its journal is gone or damaged."""
    root = root.resolve()
    try:
        journal = read_journal(root / HOME / LAST)
        return {
            change.path: change.before
            for change in journal.changes
            if change.after is not None and read(root, change.path) == change.after
        }
    except (TransactionError, OSError):
        return {}


def recover(root: Path) -> str | None:
    """Bring the files out of a commit or undo that was killed; a line saying how, if one was.

    Up to the moment when a commit has replaced its last file, it is rolled back; an undo is
    finished. So the files end up as they were before the commit, or as it wanted them.

    Raises:
        TransactionError: somebody else changed one of the files since, or it can't be written.
            The journal is kept: call again when the obstacle is out of the way.
    """
    root = root.resolve()
    accounts = {
        COMMITTING: "rolled back an interrupted apply",
        UNDOING: "finished an interrupted undo",
        COMMITTED: "finished an interrupted apply",
    }
    with _in_one_line("mend this and run trackfix again, which puts every file right"):
        for stage, account in accounts.items():
            folder = root / HOME / stage
            if folder.exists():
                journal = read_journal(folder)
                if stage != COMMITTED:
                    bring(root, journal, "before")
                    journal.move_to(DISCARDED)
                _settle(root)
                return f"{account} (files: {len(journal.changes)})"
        _settle(root)
    return None


@contextmanager
def lock(root: Path) -> Iterator[None]:
    """Keep every other apply and undo out of ``root``; the system frees it if we are killed.

    Raises:
        TransactionError: another trackfix runs here, or the lock file can't be made.
    """
    from filelock import FileLock, Timeout

    with _in_one_line("trackfix needs this file for its lock"):
        guard = FileLock(make_home(root.resolve()) / "lock", timeout=0)
        try:
            guard.acquire()
        except Timeout:
            raise TransactionError(
                f"{root}: another trackfix is changing files here; wait until it is done"
            ) from None
    try:
        yield
    finally:
        guard.release()


@contextmanager
def _in_one_line(outcome: str) -> Iterator[None]:
    try:
        yield
    except TransactionError:
        raise
    except OSError as error:
        raise TransactionError(f"{error.filename or HOME}: {error.strerror}; {outcome}") from error
    except Exception as error:
        raise TransactionError(f"{HOME}: {type(error).__name__} {error}; {outcome}") from error


def _carry_out(root: Path, journal: Journal, course: _Course, opposite: _Course) -> None:
    try:
        journal.move_to(course.running)
        bring(root, journal, course.side)
        journal.move_to(course.done)
    except BaseException:
        with _in_one_line("some files stay changed until trackfix runs again"):
            _turn_back(root, course, opposite)
        raise


def _turn_back(root: Path, course: _Course, opposite: _Course) -> None:
    # What is on disk counts: an interrupt may have struck on either side of a rename.
    running, done = (root / HOME / stage for stage in (course.running, course.done))
    if done.exists():
        os.rename(done, running)
    if running.exists():
        journal = read_journal(running)
        bring(root, journal, opposite.side)
        journal.move_to(opposite.done)
    _settle(root)


def _settle_earlier(root: Path) -> None:
    for stage in (COMMITTING, UNDOING):
        if (folder := root / HOME / stage).exists():
            raise TransactionError(f"{folder}: an earlier run was interrupted; recover it first")
    _settle(root)


def _settle(root: Path) -> None:
    """Do what is left when all files are in place; may be killed and called again anywhere."""
    home = root / HOME
    for leftover in (PREPARING, DISCARDED):
        drop(home / leftover)
    if (home / COMMITTED).exists():
        journal = read_journal(home / COMMITTED)
        for change in journal.changes:
            if change.after is None:
                prune(root, change.path)
        drop(home / LAST)
        journal.move_to(LAST)


def _check_plan(root: Path, changes: Sequence[Change]) -> None:
    seen: dict[tuple[int, int], Change] = {}
    for change in changes:
        if not is_plain(change.path):
            raise TransactionError(f"{change.path}: not a path of a file in this project")
        if read(root, change.path) != change.before:
            raise TransactionError(
                f"{change.path}: changed since the plan was made; run trackfix again"
            )
        path = root / change.path
        _check_writable(root, path)
        status = path.stat()
        twin = seen.setdefault((status.st_dev, status.st_ino), change)
        if twin is change:
            continue
        hard_links = twin.path != change.path and status.st_nlink > 1
        if not (hard_links and twin.after == change.after):
            raise TransactionError(
                f"{change.path}: the same file as {twin.path}; plan one change for it, not two"
            )


def _check_undo(root: Path, journal: Journal) -> None:
    altered = [c.path for c in journal.changes if read(root, c.path) != c.after]
    if altered:
        raise TransactionError(
            f"{', '.join(altered)}: changed since the last apply, so it can't be undone; take"
            " the later changes back first"
        )
    for change in journal.changes:
        _check_writable(root, root / change.path)


def _check_writable(root: Path, path: Path) -> None:
    folder = next(parent for parent in path.parents if parent == root or parent.exists())
    for place in (path, folder):
        if not place.exists():
            continue
        # The mode too: to root all files are writable, but read-only is meant for root as well.
        if not (place.stat().st_mode & stat.S_IWUSR and os.access(place, os.W_OK)):
            raise TransactionError(f"{place}: read-only; make it writable with chmod u+w")
