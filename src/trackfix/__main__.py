"""The console script ``trackfix``, and ``python -m trackfix``."""

from __future__ import annotations

import atexit
import gc
import sys

_LINTS = (("lint",), ("check",))
# What reads the project again and again.
_FIXING = frozenset({"--fix", "--unsafe-fixes", "--diff", "--add-ignores"})


# Code of a thousand operators in a row, or of as many ``elif``, is nested as deeply.
_DEEPEST = 6_000


def main() -> None:
    """Run what the command line asks for. Exits with 0, 1 or 2 as the README says."""
    arguments = tuple(sys.argv[1:])
    sys.setrecursionlimit(max(sys.getrecursionlimit(), _DEEPEST))
    if arguments[:1] in _LINTS and _FIXING.isdisjoint(arguments):
        _collect_nothing()
    try:
        _run(arguments)
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


def _collect_nothing() -> None:
    """Nearly all that a lint run makes lives to its end: to search it for what may go takes a third
    of a run on one file. At the exit Python would do so once more."""
    gc.disable()
    atexit.register(gc.freeze)


def _run(arguments: tuple[str, ...]) -> None:
    if arguments[:1] in _LINTS:
        from trackfix.lint.answers import recall

        known = recall(arguments)
        if known is not None:
            code, output = known
            sys.stdout.write(output)
            sys.stdout.flush()
            raise SystemExit(code)
    from trackfix.cli import main as run

    run(arguments)


if __name__ == "__main__":
    main()
