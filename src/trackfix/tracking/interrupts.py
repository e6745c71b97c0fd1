"""How a run ends: the status for an exception, and SIGTERM as an exception, so that it has one.

SIGTERM ends a Python process without a word, and its run stays RUNNING for ever. As an exception in
the main thread it leaves ``with`` blocks and ``finally`` clauses in order. Ending the run in the
signal handler itself would not do: the code that it interrupts may hold the lock or the open
transaction that the request needs.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType


class Terminated(SystemExit):
    """SIGTERM has come; the process exits with 143, as a shell reports one that it killed.

    >>> from trackfix.tracking.interrupts import Terminated
    >>> issubclass(Terminated, Exception)  # so ``except Exception`` lets it through
    False
    """


_lock = threading.Lock()
_wanted = 0
_came = False


def catch_sigterm() -> None:
    """Let SIGTERM raise ``Terminated`` in the main thread, until ``release_sigterm`` was called as
    often as this.

    A second SIGTERM ends the process at once. A handler that somebody else has set is left alone,
    and outside the main thread nothing can be set: there, SIGTERM does what it did before. A forked
    child starts anew, with SIGTERM as it is by default.

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
        if _in_main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _raise_terminated)


def release_sigterm() -> None:
    """Take one ``catch_sigterm`` back, see there."""
    global _wanted
    with _lock:
        _wanted -= 1
        if not _wanted and _in_main_thread() and _is_caught():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)


def end_status(error: BaseException | None) -> str:
    """The status of a run whose body ended with this: FINISHED, FAILED, or KILLED when it was
    interrupted (Ctrl-C, SIGTERM). ``sys.exit()`` is an end like any other, ``sys.exit(1)`` a
    failure.

    >>> from trackfix.tracking.interrupts import end_status
    >>> end_status(None), end_status(ValueError()), end_status(KeyboardInterrupt())
    ('FINISHED', 'FAILED', 'KILLED')
    >>> end_status(SystemExit(0)), end_status(SystemExit("no data"))
    ('FINISHED', 'FAILED')
    """
    if isinstance(error, (KeyboardInterrupt, Terminated)):
        return "KILLED"
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return "FINISHED"
    return "FAILED"


def status_at_exit() -> str:
    """The status of a run that is still open at interpreter exit, by what ended the program: as
    ``end_status``, but Python remembers no ``sys.exit(1)`` then, and this is FINISHED.

    >>> from trackfix.tracking.interrupts import status_at_exit
    >>> status_at_exit()
    'FINISHED'
    """
    if _came:
        return "KILLED"
    # An interactive session lives on after an error.
    is_interactive = hasattr(sys, "ps1")
    return end_status(None if is_interactive else getattr(sys, "last_value", None))


def _raise_terminated(signum: int, frame: FrameType | None) -> None:
    global _came
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if not _wanted:  # the last release came from another thread, which can't set a handler
        os.kill(os.getpid(), signal.SIGTERM)
        return
    _came = True
    raise Terminated(128 + signum)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _is_caught() -> bool:
    return signal.getsignal(signal.SIGTERM) is _raise_terminated


# A forked child drops the signals that reach it before its first line of Python, when there is a
# handler in Python (``_clear_pending_signals`` of CPython): one that is terminated at once would
# live on. So SIGTERM waits, in the kernel, until the child has no handler any more.


def _hold_before_fork() -> None:
    if _is_caught():
        _fork.mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _let_through_after_fork() -> None:
    mask = _fork.__dict__.pop("mask", None)
    if mask is not None:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _forget_in_child() -> None:
    global _lock, _wanted, _came
    _lock, _wanted, _came = threading.Lock(), 0, False
    if _is_caught():
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _let_through_after_fork()


_fork = threading.local()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_hold_before_fork,
        after_in_parent=_let_through_after_fork,
        after_in_child=_forget_in_child,
    )
