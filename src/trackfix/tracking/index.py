"""The local run index: which run has this run key, without asking the server.

One SQLite file, with SQLite's own locks and its rollback journal. That makes it safe for many
processes at once and for a kill at any moment, and a look-up reads a few pages however many entries
there are. The write-ahead log would be faster to write, but needs memory that all processes share,
so it doesn't work on network folders (https://www.sqlite.org/wal.html); the journal works there
as far as the folder's file locks do.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time as clock
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from trackfix.tracking.errors import TrackingError, redacted

_logger = logging.getLogger("trackfix.tracking")

_CREATE = """
CREATE TABLE IF NOT EXISTS trackfix_run_index (
    key_hash TEXT NOT NULL,
    store TEXT NOT NULL,
    run_id TEXT NOT NULL,
    time REAL NOT NULL,
    PRIMARY KEY (key_hash, store)
) WITHOUT ROWID
"""

# Processes that write the same key may reach the file in any order; the later run wins in all.
_ADD = """
INSERT INTO trackfix_run_index (key_hash, store, run_id, time) VALUES (?, ?, ?, ?)
ON CONFLICT (key_hash, store) DO UPDATE SET run_id = excluded.run_id, time = excluded.time
WHERE excluded.time >= trackfix_run_index.time
"""

_IS_MADE = "SELECT 1 FROM sqlite_master WHERE name = 'trackfix_run_index'"

_ENTRIES = """
SELECT key_hash, run_id, store, time FROM trackfix_run_index
WHERE key_hash = ? ORDER BY time DESC, store
"""


@dataclass(frozen=True)
class IndexEntry:
    """A run that the index knows.

    ``store`` is the tracking URI as ``store_of`` writes it; ``time`` is in seconds since 1970.
    """

    key_hash: str
    run_id: str
    store: str
    time: float


class RunIndex:
    """The index in the file at ``path``, which is made when the first entry is added.

    It keeps one run, the latest, for each run-key hash and tracking store. Any number of threads
    and processes may use the same file, forked ones too: nothing is kept open between calls. A
    damaged file is moved aside with a warning, and a new one begins; the index holds nothing that
    a tag search on the server can't find again.

    >>> from trackfix.tracking import RunIndex
    >>> index = RunIndex("outputs/run_index.sqlite")
    >>> index.add("1f3a", "0c5e", "http://mlflow:5000", time=1_700_000_000)
    >>> index.find("1f3a", "http://mlflow:5000/").run_id
    '0c5e'
    >>> index.find("1f3a", "http://elsewhere:5000") is None
    True
    """

    def __init__(self, path: str | os.PathLike[str], *, wait_seconds: float = 30.0) -> None:
        """Use the file at ``path``; a call waits ``wait_seconds`` at most for other processes."""
        self.path = Path(path)
        self._wait_seconds = wait_seconds

    def add(self, key_hash: str, run_id: str, tracking_uri: str, time: float | None = None) -> None:
        """Remember the run under the hash of its run key, unless a later one is known.

        When the call returns, the entry is on disk; killed before, the index is as it was.

        Args:
            time: when the run began, in seconds since 1970; now without it.

        Raises:
            TrackingError: the file can't be written, or others held it for too long.

        >>> from trackfix.tracking import RunIndex
        >>> index = RunIndex("run_index.sqlite")
        >>> index.add("1f3a", "later", "http://mlflow:5000", time=20)
        >>> index.add("1f3a", "earlier", "http://mlflow:5000", time=10)
        >>> index.find("1f3a", "http://mlflow:5000").run_id
        'later'
        """
        row = (key_hash, store_of(tracking_uri), run_id, clock.time() if time is None else time)
        with self._told("write"):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._write(row)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._move_aside(error)
                self._write(row)

    def find(self, key_hash: str, tracking_uri: str) -> IndexEntry | None:
        """The latest run with this run-key hash in this tracking store, ``None`` without one.

        Raises:
            TrackingError: the file is there but can't be read, or others held it for too long.

        >>> from trackfix.tracking import RunIndex
        >>> RunIndex("nothing_here.sqlite").find("1f3a", "http://mlflow:5000") is None
        True
        """
        store = store_of(tracking_uri)
        return next((entry for entry in self.entries(key_hash) if entry.store == store), None)

    def entries(self, key_hash: str) -> list[IndexEntry]:
        """The runs with this run-key hash in every tracking store, latest first.

        Raises:
            TrackingError: the file is there but can't be read, or others held it for too long.

        >>> from trackfix.tracking import RunIndex
        >>> index = RunIndex("run_index.sqlite")
        >>> index.add("1f3a", "0c5e", "http://me:secret@mlflow:5000/", time=10)
        >>> index.entries("1f3a")
        [IndexEntry(key_hash='1f3a', run_id='0c5e', store='http://mlflow:5000', time=10.0)]
        """
        with self._told("read"):
            try:
                return self._read(key_hash)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                self._move_aside(error)
                return self._read(key_hash)

    def _write(self, row: tuple[str, str, str, float]) -> None:
        # "Immediate" takes the write lock first: two that both read before they write would wait
        # for each other, and SQLite would turn one away at once instead of letting it wait.
        with closing(self._connect("rwc")) as connection, connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_CREATE)
            connection.execute(_ADD, row)

    def _read(self, key_hash: str) -> list[IndexEntry]:
        if not self.path.exists():
            return []
        # Not opened read-only: after a kill, the first reader has to undo the unfinished write.
        with closing(self._connect("rw")) as connection:
            # Another process may be making the file right now, or was killed while it did.
            if connection.execute(_IS_MADE).fetchone() is None:
                return []
            return [IndexEntry(*row) for row in connection.execute(_ENTRIES, (key_hash,))]

    def _connect(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            timeout=self._wait_seconds,
            isolation_level=None,
            uri=True,
        )

    def _move_aside(self, damage: sqlite3.DatabaseError) -> None:
        from filelock import FileLock

        with FileLock(f"{self.path}.lock", timeout=self._wait_seconds):
            if self._is_sound():
                return  # another process has met the damage too, and was here first
            aside = self.path.with_name(f"{self.path.name}.damaged-{clock.time_ns()}")
            self.path.replace(aside)
        _logger.warning(
            "the run index %s is damaged (%s): moved to %s, so that runs added before are found "
            "through the server only",
            self.path,
            damage,
            aside,
        )

    def _is_sound(self) -> bool:
        try:
            with closing(self._connect("rw")) as connection:
                found = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.OperationalError:
            if self.path.exists():
                raise
            return True
        except sqlite3.DatabaseError:
            return False
        return bool(found == ("ok",))

    @contextmanager
    def _told(self, doing: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise TrackingError(f"can't {doing} the run index {self.path}: {error}") from error


def store_of(tracking_uri: str) -> str:
    """The tracking URI in the one form that the index compares.

    Credentials are left out, since they would lie in a file and don't tell stores apart, and so is
    a slash at the end. Local folders and SQLite files become absolute: the same relative one is
    another store in another working directory.

    >>> from trackfix.tracking.index import store_of
    >>> store_of("https://me:secret@mlflow.example.org/")
    'https://mlflow.example.org'
    >>> store_of("sqlite:///mlflow.db") == store_of("sqlite:///./mlflow.db")
    True
    """
    scheme, separator, place = redacted(tracking_uri).partition("://")
    if scheme == "sqlite":
        return f"sqlite:///{os.path.realpath(place[1:])}"
    if scheme == "file":
        return f"file://{os.path.realpath(place)}"
    if not separator and scheme != "databricks":
        return f"file://{os.path.realpath(scheme.removeprefix('file:'))}"
    return scheme + separator + place.rstrip("/")


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    # SQLITE_CORRUPT and SQLITE_NOTADB come as this very class, a lock or a full disk as a subclass.
    return type(error) is sqlite3.DatabaseError
