"""What is known of one piece of run logic: a few steps of one function that do one job."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

Kind = Literal[
    "find-run",
    "best-run",
    "list-runs",
    "clean-up",
    "resolve-experiment",
    "create-run",
    "build-tags",
    "read-tag",
]


def job_of(kind: Kind) -> str:
    """The job, as settings name it, that pieces of a kind do."""
    return "find-run" if kind == "best-run" else kind


class Step(NamedTuple):
    """What is done at a line of the file."""

    line: int
    text: str


class Term(NamedTuple):
    """One condition of a filter, or one tag that is written or read.

    ``kind`` is ``tag``, ``name``, ``status``, ``metric``, ``param``, ``id``, ``time`` or ``other``,
    ``alias`` or ``stage`` for a version of the model that is the ``value``,
    ``test`` for what code asks of the runs that were found,
    ``no tag``, ``no name`` and so on where any other value is asked for,
    ``order`` for the metric by which the best run is told, with ``ASC`` or ``DESC`` as value,
    ``step`` for what is done around a start of a run, or ``any step`` for what is around any.
    ``key`` is that of a tag, metric or parameter; a constant whose value this file does not tell is
    ``<module:NAME>``, and what only a run could tell ``<:name>``. ``value`` is the text it is
    compared with, empty where that is no literal; of a tag that is read, what it is put into.
    """

    kind: str
    key: str = ""
    value: str = ""


def told_key(key: str) -> str:
    """A key in words: of a constant whose value is not known, its name."""
    return key.strip("<>").rpartition(":")[2] if key.startswith("<") else key


class Fragment(NamedTuple):
    """One piece of run logic.

    ``line`` and ``column`` are those of the call that tells the kind, ``first`` and ``last`` the
    lines of its steps. ``experiment`` is where the experiment comes from: ``name``, ``parameter``,
    ``run``, ``active``, ``all``, ``literal``, ``helper`` or nothing. ``order`` is ``time``,
    ``oldest``, ``metric`` or ``other``, ``limit`` ``one``, ``many`` or nothing, and ``taken`` what
    is used of the run: ``run-id``, ``run``, ``tags``, ``metrics``, ``experiment-id``, or but its
    ``existence``; of a tag that is read, whose it is: ``run``, ``experiment``, ``version``,
    ``trace`` or nothing. ``marks`` are traits that only some kinds have.
    """

    kind: Kind
    path: str
    function: str
    line: int
    column: int
    first: int
    last: int
    steps: tuple[Step, ...]
    terms: tuple[Term, ...] = ()
    experiment: str = ""
    order: str = ""
    limit: str = ""
    taken: str = ""
    marks: tuple[str, ...] = ()


class FunctionLogic(NamedTuple):
    """A function that holds run logic. ``name`` is qualified within its module, empty for the
    module's own body. ``calls`` are the last names of what it calls, with the first line each.
    ``callers`` are the functions of the same file that call it alone of those with run logic, or as
    one of several ways to the same. ``claims_truth`` tells that its docstring calls it the single
    source of truth. ``body`` is the first line below its docstring, ``gives`` tells that it returns
    or yields something, ``is_inner`` that it is inside another function, ``is_registered`` that a
    decorator may have made something else of it than a function to call. ``bases`` are the last
    names of what its class is made from."""

    name: str
    first: int
    last: int
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    calls: tuple[tuple[str, int], ...] = ()
    callers: tuple[str, ...] = ()
    claims_truth: bool = False
    body: int = 0
    gives: bool = False
    is_inner: bool = False
    is_registered: bool = False
    bases: tuple[str, ...] = ()


class FileLogic(NamedTuple):
    """The run logic of one file. ``imports`` are the names that it imports, each with the module
    and the name there as they are written; they are only given where there is run logic. ``taken``
    are the names that its import statements take from modules, and the last parts of those modules,
    each with a dot behind it."""

    path: str
    fragments: tuple[Fragment, ...] = ()
    functions: tuple[FunctionLogic, ...] = ()
    imports: tuple[tuple[str, str, str], ...] = ()
    taken: tuple[str, ...] = ()


class LogicMemory(Protocol):
    """Remembers the run logic of files from one run to the next."""

    def get(self, path: str) -> FileLogic | None:
        """The run logic of a file, if it is known."""

    def put(self, path: str, logic: FileLogic) -> None:
        """Note the run logic of a file that was read."""
