"""The plug-in for flake8: the same rules, with flake8's own way to select and to report.

flake8 hands over one file after the other, and a rule needs the whole project. So all files of
one call of flake8 are checked together: when the first of a project is asked for, or, where flake8
is going to fork, before that, so that its processes share what was found.
"""

from __future__ import annotations

import ast
import io
import multiprocessing
import os
import tokenize
from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from trackfix import __version__
from trackfix.lint.finding import Finding
from trackfix.lint.registry import RuleError
from trackfix.lint.selection import RuleOptions
from trackfix.lint.session import Session
from trackfix.project.settings.config import ConfigError
from trackfix.source.discovery import find_root
from trackfix.source.errors import in_one_line

_STDIN = "-"
# What flake8 takes from a plug-in: line, column from 0, code and message, and whose it is.
_Reported = tuple[int, int, str, type]


class _Call:
    """One call of flake8 on the paths ``given``; ``stdin`` is the name that "-" stands for."""

    def __init__(self, given: Sequence[str] = (), stdin: str = "") -> None:
        self._given = [Path(path).resolve() for path in given if path != _STDIN]
        self._stdin = stdin if _STDIN in given else ""
        self._found: dict[Path, Mapping[str, list[Finding]] | str] = {}

    def findings(self, filename: str, lines: Sequence[str]) -> list[Finding] | str:
        """The findings in a file, or why it could not be checked."""
        is_stdin = bool(self._stdin) and filename == self._stdin
        if is_stdin and not filename.endswith(".py"):
            filename += ".py"  # flake8 calls it "stdin", which is no name of a Python file
        path = Path(filename).resolve()
        root = find_root(path)
        name = path.relative_to(root).as_posix()
        if is_stdin:
            found = _checked(root, [path], {name: _encoded("".join(lines))})
        else:
            found = self._found_in(root)
        return found if isinstance(found, str) else found.get(name, [])

    def check_all(self) -> None:
        """Check the projects of all paths that were given."""
        for root in {find_root(path) for path in self._given}:
            self._found_in(root)

    def _found_in(self, root: Path) -> Mapping[str, list[Finding]] | str:
        if root not in self._found:
            self._found[root] = _checked(root, self._given_in(root))
        return self._found[root]

    def _given_in(self, root: Path) -> list[Path]:
        """The given paths in a project; none if all of it is meant."""
        if any(path in root.parents for path in self._given):
            return []
        return [path for path in self._given if root in (path, *path.parents)]


def _checked(
    root: Path, given: Sequence[Path], contents: Mapping[str, bytes] | None = None
) -> Mapping[str, list[Finding]] | str:
    """The findings by path, or why the project could not be checked. Never fails: flake8 would
    end with a traceback, and report nothing of its other plug-ins either."""
    try:
        outcome = Session(root, RuleOptions(), given, contents).check()
    except (ConfigError, RuleError) as error:
        return str(error)
    except Exception as error:
        return f"{in_one_line(error)}; please report this"
    found: dict[str, list[Finding]] = {}
    for finding in outcome.findings:
        found.setdefault(finding.path, []).append(finding)
    return found


def _encoded(text: str) -> bytes:
    """The bytes that flake8 has decoded, but for a byte order mark and the kind of newlines."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        return text.encode(tokenize.detect_encoding(io.BytesIO(data).readline)[0])
    except (SyntaxError, LookupError, UnicodeError):
        return data


def _will_fork(options: Namespace) -> bool:
    """Whether flake8 shares its files between processes that have all that this one has. It does
    so for more than one file, and a folder may hold many."""
    given, jobs = options.filenames, options.jobs
    is_many = len(given) != 1 or os.path.isdir(given[0])
    count = (os.cpu_count() or 1) if jobs.is_auto else jobs.n_jobs
    # To ask for the method in use would settle it for flake8, too.
    chosen = multiprocessing.get_start_method(allow_none=True)
    method = chosen or multiprocessing.get_all_start_methods()[0]
    return is_many and _STDIN not in given and count > 1 and method == "fork"


_call = _Call()


class Plugin:
    """The entry point ``TRK`` in the group ``flake8.extension``."""

    name = "trackfix"
    version = __version__

    def __init__(self, tree: ast.AST, filename: str, lines: Sequence[str]) -> None:
        """flake8 gives what the parameters are named for; it wants a ``tree`` to be taken."""
        self._filename = filename
        self._lines = lines

    @classmethod
    def parse_options(cls, options: Namespace) -> None:
        """Called by flake8 before the first file, in each process that does not come by fork."""
        global _call
        _call = _Call(options.filenames or ["."], options.stdin_display_name)
        if _will_fork(options):
            _call.check_all()

    def run(self) -> Iterator[_Reported]:
        """The findings in the file."""
        found = _call.findings(self._filename, self._lines)
        if isinstance(found, str):
            yield 1, 0, f"TRK000 not checked by trackfix: {found}", type(self)
            return
        for finding in found:
            message = f"{finding.code} {finding.message}"
            yield finding.line, finding.column - 1, message, type(self)
