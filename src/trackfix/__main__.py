"""The console script ``trackfix``, and ``python -m trackfix``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run what the command line asks for. Exits with 0, 1 or 2 as the README says."""
    try:
        _run(tuple(sys.argv[1:]))
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


def _run(arguments: tuple[str, ...]) -> None:
    if arguments[:1] in (("lint",), ("check",)):
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
