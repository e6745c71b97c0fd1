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
    give_to,
    is_plain,
    make_home,
    read_journal,
    sync,
    write_all,
    write_journal,
    write_new,
)

__all__ = ["Change", "TransactionError", "commit", "lock", "recover", "undo"]

_NEW_FOLDER = ".trackfix-folder.tmp"


@dataclass(frozen=True, slots=True)
class _Course:
    """One of the two ways through a journal."""

    running: str
    side: Side
    done: str


_FORWARD = _Course(COMMITTING, "after", COMMITTED)
_BACKWARD = _Course(UNDOING, "before", DISCARDED)


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
                    _bring(root, journal, "before")
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
        _bring(root, journal, course.side)
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
        _bring(root, journal, opposite.side)
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
                _prune(root, change.path)
        drop(home / LAST)
        journal.move_to(LAST)


def _check_plan(root: Path, changes: Sequence[Change]) -> None:
    seen: dict[tuple[int, int], Change] = {}
    for change in changes:
        if not is_plain(change.path):
            raise TransactionError(f"{change.path}: not a path of a file in this project")
        if _read(root, change.path) != change.before:
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
    altered = [c.path for c in journal.changes if _read(root, c.path) != c.after]
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


def _locate(root: Path, path: str) -> Path:
    """Where the file lies; an error if a symlinked folder leads out of the project."""
    place = root / path
    folder = Path(os.path.realpath(place.parent))
    if not folder.is_relative_to(root) or folder.is_relative_to(root / HOME):
        raise TransactionError(
            f"{path}: a symlinked folder leads out of the project; change the file where it lies"
        )
    return place


def _read(root: Path, path: str) -> bytes | None:
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


def _bring(root: Path, journal: Journal, side: Side) -> None:
    """Make every file hold one side of the journal; nothing is touched if one is neither."""
    steps = _steps(root, journal, side)
    staged = [step for step in steps if step.wanted is not None and not step.linked]
    # All that needs room on the disk comes before the first file that changes.
    for step in staged:
        _make_folder(root, step.path.parent, journal)
        write_new(step.temporary, step.wanted or b"", step.look)
    for step in staged:
        sync(step.temporary)
    for step in steps:
        now = _read(root, step.name)
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
        found, wanted = _read(root, change.path), change.on(side)
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


def _prune(root: Path, name: str) -> None:
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
