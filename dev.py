"""Makes the environments that work on trackfix needs, and runs its tests and its demo in them.

    python3 dev.py demo               trackfix on a copy of a small legacy project
    python3 dev.py test [ARG...]      the tests; the arguments go to pytest
    python3 dev.py test-lowest [...]  those of the tracking library, with the lowest MLflow
    python3 dev.py venv               only create or refresh .venv
    python3 dev.py lock [--upgrade]   rewrite both locks from pyproject.toml

It needs Python 3.10 or newer with pip, and nothing else. The variable VENV names another
folder than .venv, for another Python.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PROJECT = ROOT / "pyproject.toml"
LOCK = ROOT / "requirements-dev.lock"
# The lowest MLflow that pyproject.toml allows, in an environment of its own.
LOWEST = "mlflow-skinny==3.1.0"
LOWEST_LOCK = ROOT / "requirements-lowest.lock"
LOWEST_TESTS = ("tests/tracking", "tests/examples")
# One lock for every supported Python and system: hence uv, and not pip-compile.
COMPILE = (
    *("--no-config", "pip", "compile", "--quiet", "--universal", "--python-version", "3.10"),
    *("--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--strip-extras"),
    *("--custom-compile-command", "python3 dev.py lock"),
)


def run(*command: str | Path, given: str | None = None) -> None:
    """Run a command in the folder of the project, and end with its exit code if it fails."""
    code = subprocess.run(command, cwd=ROOT, input=given, text=True, check=False).returncode
    if code:
        sys.exit(code)


def environment(folder: Path, lock: Path) -> Path:
    """The Python of an environment that has what a lock names and trackfix itself, made or
    refreshed where that is needed.

    By pip and not by uv, which would be quicker, because pip alone goes by the settings of the
    machine it runs on. The build backend is in the lock, so nothing unpinned is fetched.
    """
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = (python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    locked, installed = folder / ".locked", folder / ".installed"
    if _is_stale(locked, lock):
        # A new lock means a new environment: what it no longer names is gone.
        run(sys.executable, "-m", "venv", "--clear", folder)
        run(*pip, "--require-hashes", "-r", lock)
        locked.write_text(_digest(lock), encoding="utf-8")
    if _is_stale(installed, PROJECT):
        run(*pip, "--no-deps", "--no-build-isolation", "-e", ".")
        installed.write_text(_digest(PROJECT), encoding="utf-8")
    return python


def _is_stale(mark: Path, source: Path) -> bool:
    return not mark.is_file() or mark.read_text(encoding="utf-8") != _digest(source)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_locks(python: Path, *more: str) -> None:
    """Rewrite both locks, which keep the versions they have where these still do."""
    uv: tuple[str | Path, ...] = (python.parent / "uv", *COMPILE, *more)
    run(*uv, PROJECT.name, "--extra", "dev", "-o", LOCK.name)
    run(*uv, PROJECT.name, "-", "--extra", "test", "-o", LOWEST_LOCK.name, given=LOWEST)


def main(arguments: list[str]) -> None:
    """Do what the first argument names; the others are given on."""
    if sys.version_info < (3, 10):  # noqa: UP036 - whoever runs it may have an older one
        sys.exit("dev.py: trackfix needs Python 3.10 or newer; run dev.py with that")
    name, more = (arguments[0], arguments[1:]) if arguments else ("help", [])
    folder = ROOT / os.environ.get("VENV", ".venv")
    if name == "test":
        run(environment(folder, LOCK), "-m", "pytest", *more)
    elif name == "test-lowest":
        lowest = environment(ROOT / ".venv-lowest", LOWEST_LOCK)
        run(lowest, "-m", "pytest", *LOWEST_TESTS, *more)
    elif name == "demo":
        run(environment(folder, LOCK), "fixtures/demo.py")
    elif name == "venv":
        environment(folder, LOCK)
    elif name == "lock" and set(more) <= {"--upgrade"}:
        write_locks(environment(folder, LOCK), *more)
    else:
        print(__doc__)
        sys.exit(0 if name in ("help", "--help", "-h") else 2)


if __name__ == "__main__":
    main(sys.argv[1:])
