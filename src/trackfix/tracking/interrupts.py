"""SIGTERM, for all runs of this library, and the status that a run ends with.

SIGTERM ends a Python process without a word, and its run stays RUNNING for ever. As an exception in
the main thread it leaves ``with`` blocks and ``finally`` clauses in order. Ending the run in the
signal handler itself would not do: the code that it interrupts may hold the lock or the open
transaction that the request needs. For the same reason a handler of the program's own is called
where the signal has come, as without us, and decides: it may exit, raise, or return.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any


class Terminated(SystemExit):
    """SIGTERM has come; the process exits with 143, as a shell reports one that it killed.

    >>> from trackfix.tracking.interrupts import Terminated
    >>> issubclass(Terminated, Exception)  # so ``except Exception`` lets it through
    False
    """


# Reentrant: a handler of the program's own may end a run.
_lock = threading.RLock()
_wanted = 0
_count = 0


def catch_sigterm() -> None:
    """Let SIGTERM raise ``Terminated`` in the main thread, until ``release_sigterm`` was called as
    often as this. A second SIGTERM ends the process at once.

    A handler that the program has set by now is called instead, as before, for each SIGTERM; that
    one came is remembered. Ignored, SIGTERM stays so. Outside the main thread nothing can be set:
    there, it does what it did before. A forked child starts anew, with the handler of before.

    >>> import signal
    >>> from trackfix.tracking.interrupts import catch_sigterm, release_sigterm
    >>> catch_sigterm()
    >>> signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    False
    >>> release_sigterm()
    >>> signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    True
    """
    global _wanted
    with _lock:
        _wanted += 1
        before = signal.getsignal(signal.SIGTERM)
        if (
            _in_main_thread()
            and not _is_caught()
            and (before == signal.SIG_DFL or callable(before))
        ):
            signal.signal(signal.SIGTERM, _Handler(before))


def release_sigterm() -> None:
    """Take one ``catch_sigterm`` back, see there."""
    global _wanted
    with _lock:
        _wanted -= 1
        if not _wanted and _in_main_thread():
            _restore()


@contextmanager
def sigterm_caught() -> Iterator[None]:
    """``catch_sigterm`` for a block.

    >>> import os, signal
    >>> from trackfix.tracking.interrupts import sigterm_caught
    >>> with sigterm_caught():
    ...     os.kill(os.getpid(), signal.SIGTERM)
    Traceback (most recent call last):
    trackfix.tracking.interrupts.Terminated: 143
    """
    catch_sigterm()
    try:
        yield
    finally:
        release_sigterm()


def sigterm_count() -> int:
    """How often SIGTERM came while somebody wanted it: more than before means that it did since.

    >>> from trackfix.tracking.interrupts import sigterm_count
    >>> before = sigterm_count()
    >>> sigterm_count() > before
    False
    """
    return _count


def end_status(error: BaseException | None, *, terminated: bool = False) -> str:
    """The status of a run whose body ended with this: FINISHED, FAILED, or KILLED when it was
    interrupted (Ctrl-C, SIGTERM, or a task of asyncio that was cancelled, as Ctrl-C does to the
    main one). ``sys.exit()`` is an end like any other, ``sys.exit(1)`` a failure.

    Args:
        terminated: SIGTERM came meanwhile, and a handler of the program's own was called. Whatever
            exception ended the body after that, it was interrupted; if none did, it was not.

    >>> from trackfix.tracking.interrupts import end_status
    >>> end_status(None), end_status(ValueError()), end_status(KeyboardInterrupt())
    ('FINISHED', 'FAILED', 'KILLED')
    >>> end_status(SystemExit(0)), end_status(SystemExit("no data"))
    ('FINISHED', 'FAILED')
    >>> end_status(SystemExit(0), terminated=True), end_status(None, terminated=True)
    ('KILLED', 'FINISHED')
    """
    if error is None:
        return "FINISHED"
    if terminated or isinstance(error, (KeyboardInterrupt, Terminated)) or _is_cancelled(error):
        return "KILLED"
    return "FINISHED" if isinstance(error, SystemExit) and error.code in (None, 0) else "FAILED"


def status_at_exit(*, terminated: bool = False) -> str:
    """The status of a run that is still open at interpreter exit, by what ended the program: as
    ``end_status``, but Python remembers no ``sys.exit(1)`` then, and this is FINISHED.

    Args:
        terminated: SIGTERM came while the run was open.

    >>> from trackfix.tracking.interrupts import status_at_exit
    >>> status_at_exit(), status_at_exit(terminated=True)
    ('FINISHED', 'KILLED')
    """
    if terminated:
        return "KILLED"
    # An interactive session lives on after an error.
    is_interactive = hasattr(sys, "ps1")
    return end_status(None if is_interactive else getattr(sys, "last_value", None))


class _Handler:
    """In the place of ``before``: the program's own handler, or ``signal.SIG_DFL``.

    An object for each time that it is set: the program may have kept one to call it from a handler
    that it has set since, and which the next one stands before.
    """

    def __init__(self, before: Any) -> None:
        self.before = before

    def __call__(self, signum: int, frame: FrameType | None) -> None:
        global _count
        if _wanted:
            _count += 1
        else:
            _restore()  # the last release came from another thread, which can't set a handler
        if callable(self.before):
            self.before(signum, frame)
        elif _wanted:
            if signal.getsignal(signum) is self:
                signal.signal(signum, signal.SIG_DFL)
            raise Terminated(128 + signum)
        else:
            signal.signal(signum, signal.SIG_DFL)
            os.kill(os.getpid(), signum)


def _is_cancelled(error: BaseException) -> bool:
    # Where nobody has imported asyncio, it can't have been raised.
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and isinstance(error, asyncio.CancelledError)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _is_caught() -> bool:
    return isinstance(signal.getsignal(signal.SIGTERM), _Handler)


def _restore() -> None:
    handler = signal.getsignal(signal.SIGTERM)
    if isinstance(handler, _Handler):
        signal.signal(signal.SIGTERM, handler.before)


# A forked child drops the signals that reach it before its first line of Python, when there is a
# handler in Python (``_clear_pending_signals`` of CPython): one that is terminated at once would
# live on. So SIGTERM waits, in the kernel, until the child has the handler of before.


def _hold_before_fork() -> None:
    if _is_caught():
        _fork.mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _let_through_after_fork() -> None:
    mask = _fork.__dict__.pop("mask", None)
    if mask is not None:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _forget_in_child() -> None:
    global _lock, _wanted, _count
    _lock, _wanted, _count = threading.RLock(), 0, 0
    _restore()
    _let_through_after_fork()


_fork = threading.local()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_hold_before_fork,
        after_in_parent=_let_through_after_fork,
        after_in_child=_forget_in_child,
    )
