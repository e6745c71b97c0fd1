"""What it takes to finish or take back a commit: both contents of every file, on disk.

A journal is one folder in ``.trackfix``, and the name of that folder says how far things are:

    preparing    being written: worth nothing yet
    committing   complete: the files of the project are being replaced
    committed    every file is replaced; folders left empty are still to go
    last         the commit that ``undo`` takes back
    undoing      the files are being put back
    discarded    being deleted

Every step between two of them is one atomic rename, so a kill never leaves it in between.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

HOME = ".trackfix"
PREPARING = "preparing"
COMMITTING = "committing"
COMMITTED = "committed"
LAST = "last"
UNDOING = "undoing"
DISCARDED = "discarded"

Side = Literal["before", "after"]

_VERSION = 1
_INDEX = "journal.json"


class TransactionError(Exception):
    """Files could not be written; the message is one line: path, what is wrong, what to do."""

    def __init__(self, message: str) -> None:
        # A file name may hold a line break, or bytes that no terminal can be sent.
        super().__init__("".join(c if c.isprintable() else ascii(c)[1:-1] for c in message))


@dataclass(frozen=True, slots=True)
class Change:
    """New content for one file, and the content it was worked out from."""

    path: str
    """Relative to the root, with forward slashes."""
    before: bytes
    """What the file must hold now."""
    after: bytes | None
    """What it will hold; None: the file is removed."""

    def on(self, side: Side) -> bytes | None:
        """What the file holds before or after the commit."""
        return self.before if side == "before" else self.after


@dataclass(frozen=True, slots=True)
class FolderLook:
    """Mode and owner of a folder that may have to be made again."""

    mode: int
    uid: int
    gid: int


@dataclass(slots=True)
class Journal:
    """All changes of one commit, as they lie in ``folder``."""

    folder: Path
    changes: tuple[Change, ...]
    folders: Mapping[str, FolderLook]
    """Every folder that a removed file lies in, by its path relative to the root."""

    def blob(self, index: int, side: Side) -> Path:
        """The copy of a change's content; it wears the mode, owner and xattrs of the file."""
        return _blob(self.folder, index, side)

    def move_to(self, stage: str) -> None:
        """Take the step to the next stage; it has happened, or not, even after a power cut."""
        target = self.folder.with_name(stage)
        os.rename(self.folder, target)
        self.folder = target
        sync(target.parent)


def make_home(root: Path) -> Path:
    """The folder that holds all state, made when missing and hidden from git."""
    home = root / HOME
    home.mkdir(exist_ok=True)
    ignore = home / ".gitignore"
    if not ignore.exists() or not ignore.stat().st_size:
        ignore.write_bytes(b"*\n")
    return home


def write_journal(root: Path, changes: Sequence[Change]) -> Journal:
    """Store the changes in full, in the stage ``preparing``.

    Raises:
        OSError: there is no room, or no permission; nothing is left behind.
    """
    folder = make_home(root) / PREPARING
    journal = Journal(folder, tuple(changes), _folders_of_removed(root, changes))
    try:
        folder.mkdir()
        for index, change in enumerate(changes):
            for side, content in _contents(change):
                write_new(journal.blob(index, side), content, look=root / change.path)
        write_new(folder / _INDEX, json.dumps(_to_json(journal), indent=1).encode("ascii"))
        for file in folder.iterdir():
            sync(file)
        sync(folder)
    except BaseException:
        drop(folder)
        raise
    return journal


def read_journal(folder: Path) -> Journal:
    """The journal in ``folder``, every byte of it verified.

    Raises:
        TransactionError: it is damaged, or another version of trackfix wrote it.
    """
    index_file = folder / _INDEX
    try:
        data = json.loads(index_file.read_bytes())
        version = data["version"]
        if version == _VERSION:
            return _from_json(folder, data)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise TransactionError(
            f"{index_file}: this journal is damaged ({error}); compare the files with your"
            f" version control, then delete {folder}"
        ) from error
    raise TransactionError(
        f"{index_file}: written by another version of trackfix (format {version}, this one"
        f" reads {_VERSION}); run that version once more"
    )


def drop(folder: Path) -> None:
    """Delete a journal that nobody will read again, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)


def is_plain(path: str) -> bool:
    """Whether a path names one file below the root, in one spelling, and none of our own."""
    pure = PurePosixPath(path)
    return (
        bool(pure.parts)
        and str(pure) == path
        and not pure.is_absolute()
        and not {"..", HOME} & {*pure.parts}
        and "\0" not in path
    )


def write_new(path: Path, content: bytes, look: Path | None = None) -> None:
    """Write a file that must not exist yet, with the mode, owner and xattrs of ``look``."""
    # Private until it wears the mode of the original, which may be a secret.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        write_all(descriptor, content, path)
    finally:
        os.close(descriptor)
    if look is not None:
        _dress(path, look)


def write_all(descriptor: int, content: bytes, path: Path) -> None:
    """Write every byte: the system may take fewer at a time than it is given.

    Raises:
        OSError: no room, for example; unlike that of ``os.write``, it names the ``path``.
    """
    rest = memoryview(content)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        error.filename = os.fspath(path)
        raise


def give_to(path: Path, uid: int, gid: int) -> None:
    """Give a file its owner and group, or the group alone where only root may do more."""
    try:
        os.chown(path, uid, gid)
    except PermissionError:
        with suppress(PermissionError):
            os.chown(path, -1, gid)


def sync(path: Path) -> None:
    """Return when a file, or the list of names in a folder, is safe from a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _dress(path: Path, look: Path) -> None:
    status = os.stat(look)
    # The owner first: a change of owner clears the set-user-id bit.
    give_to(path, status.st_uid, status.st_gid)
    shutil.copystat(look, path)
    # Tools tell by the time whether a file is new to them, and this content is.
    os.utime(path)


def _folders_of_removed(root: Path, changes: Iterable[Change]) -> dict[str, FolderLook]:
    paths = {
        str(folder)
        for change in changes
        if change.after is None
        for folder in PurePosixPath(change.path).parents
        if folder.parts
    }
    statuses = {path: os.stat(root / path) for path in sorted(paths)}
    return {
        path: FolderLook(status.st_mode & 0o7777, status.st_uid, status.st_gid)
        for path, status in statuses.items()
    }


def _blob(folder: Path, index: int, side: Side) -> Path:
    return folder / f"{index}.{side}"


def _contents(change: Change) -> list[tuple[Side, bytes]]:
    sides: tuple[Side, ...] = ("before", "after")
    return [(side, content) for side in sides if (content := change.on(side)) is not None]


def _to_json(journal: Journal) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "changes": [
            {"path": change.path} | {side: _digest(data) for side, data in _contents(change)}
            for change in journal.changes
        ],
        "folders": {
            path: {"mode": look.mode, "uid": look.uid, "gid": look.gid}
            for path, look in journal.folders.items()
        },
    }


def _from_json(folder: Path, data: Mapping[str, Any]) -> Journal:
    changes = []
    for index, entry in enumerate(data["changes"]):
        if not is_plain(entry["path"]):
            raise ValueError(f"{entry['path']!r} is no path in this project")
        before = _read_blob(_blob(folder, index, "before"), entry["before"])
        after = None
        if "after" in entry:
            after = _read_blob(_blob(folder, index, "after"), entry["after"])
        changes.append(Change(entry["path"], before, after))
    folders = {
        path: FolderLook(int(look["mode"]), int(look["uid"]), int(look["gid"]))
        for path, look in data["folders"].items()
    }
    return Journal(folder, tuple(changes), folders)


def _read_blob(blob: Path, digest: str) -> bytes:
    content = blob.read_bytes()
    if _digest(content) != digest:
        raise ValueError(f"{blob.name} does not hold what was written")
    return content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
