"""A progress bar on a terminal, for work that takes more than a second."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE = 1.0


@contextmanager
def reading() -> Iterator[Callable[[int, int], None]]:
    """Gives a function to be called with the files done and the files in all."""
    started = time.monotonic()
    shown = [0.0]

    def step(done: int, total: int) -> None:
        now = time.monotonic()
        if now - started < _PATIENCE or now - shown[0] < 0.1 or not sys.stderr.isatty():
            return
        shown[0] = now
        filled = 30 * done // max(total, 1)
        sys.stderr.write(f"\rreading [{'#' * filled}{'.' * (30 - filled)}] {done}/{total} files")
        sys.stderr.flush()

    try:
        yield step
    finally:
        if shown[0]:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
