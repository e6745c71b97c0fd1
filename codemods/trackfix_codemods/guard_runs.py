"""Begin runs with ``with``, so that they end whatever happens."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.mlflow_uses.run_blocks import RunBlock
from trackfix.project.mlflow_uses.unguarded_runs import UnguardedRun, find_unguarded_runs
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.rewrite.codemod import Proposal
from trackfix.source.document import Document, Edit
from trackfix.source.text import whole_lines
from trackfix_codemods.calls.mends import Mend, propose
from trackfix_codemods.imports.layout import ImportLayout

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.stmt, ast.ExceptHandler)


@dataclass(frozen=True, slots=True)
class GuardRuns:
    """The codemod ``guard-runs``."""

    name: str = "guard-runs"
    summary: str = "begin a run with a with statement where its end is not guaranteed"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with a ``with`` for each pair of ``start_run()`` and ``end_run()``."""
        return propose(moves, ("start_run",), _mends, unsafe=unsafe, held=held)


def _mends(file: FileCalls) -> Iterator[Mend]:
    done = -1
    for run in find_unguarded_runs(file):
        if run.end is None:
            continue
        block, line = RunBlock(file, run), file.names.line(run.start)
        start, end = file.names.document.span(run.start)[0], file.names.document.span(run.end)[1]
        if block.obstacle:
            yield Mend(line, obstacle=block.obstacle)
        elif start > done:  # one within another's lines has its turn when those have changed
            done = end
            edits, functions = tuple(_edits(file, run)), _functions(run)
            yield Mend(line, edits, "", block.doubt, _statements(run), functions)


def _functions(run: UnguardedRun) -> tuple[ast.expr, ...]:
    """The functions that begin and end the run."""
    assert isinstance(run.end, ast.Expr)
    assert isinstance(run.end.value, ast.Call)
    return run.end.value.func, run.call.node.func


def _statements(run: UnguardedRun) -> dict[str, int]:
    kinds = {"With": 1, "Expr": -1, "Call": -1}
    begin = type(run.start).__name__
    return {**kinds, begin: kinds.get(begin, 0) - 1}


def _edits(file: FileCalls, run: UnguardedRun) -> Iterator[Edit]:
    document = file.names.document
    assert run.end is not None
    layout = ImportLayout(document, file.names.parents, lambda top: False)
    first = document.span(run.start)
    call = slice(*document.span(run.call.node))
    name = ""
    if isinstance(run.start, ast.Assign):
        assert isinstance(run.start.targets[0], ast.Name)
        name = f" as {run.start.targets[0].id}"
    yield Edit(*first, f"with {document.text[call]}{name}:")
    step = _step(file, layout, layout.indent(run.start))
    begin, body = layout.line_end(run.start), layout.line_start(run.body[0])
    if not document.text[begin:body].strip() and not isinstance(run.body[0], _DEFINITIONS):
        yield Edit(begin, _before_newline(document.text, body), "")
    for start in _line_starts(
        document.text, layout.line_end(run.start), layout.line_start(run.end)
    ):
        if start not in _inside_strings(document, run) and not _is_blank(document.text, start):
            yield Edit(start, start, step)
    stop = layout.line_end(run.end)
    comment = document.text[document.span(run.end)[1] : stop].strip()
    if comment:
        yield Edit(document.span(run.end)[0], stop, comment)
    else:
        begin = _before_newline(document.text, layout.line_start(run.end))
        below = document.text[stop : document.bounds_at(stop)[1]].splitlines()
        if not "".join(below[:2]).strip():
            # Blank lines on both sides would make one gap of them, or stand at the end of the file.
            begin = len(document.text[:begin].rstrip(" \t\r\n"))
        yield Edit(begin, stop, "")


def _line_starts(text: str, begin: int, end: int) -> Iterator[int]:
    """Where the lines start that lie between two offsets."""
    position = begin
    for line in whole_lines(text[begin:end]):
        position += len(line)
        if position < end:
            yield position


def _inside_strings(document: Document, run: UnguardedRun) -> set[int]:
    """The starts of lines that lie within a string, which must stay as they are."""
    found: set[int] = set()
    for part in run.body:
        for node in ast.walk(part):
            if not isinstance(node, (ast.Constant, ast.JoinedStr, ast.List)):
                continue
            start, end = document.span(node)
            code = document.text[start:end]
            # An f-string that the interpreter can't read stands in the tree as a list.
            is_list = isinstance(node, ast.List) and code.startswith("[")
            spans = "'''" in code or '"""' in code or "\\\n" in code or "\\\r" in code
            if spans and not is_list:
                found.update(_line_starts(document.text, start, end))
    return found


def _is_blank(text: str, start: int) -> bool:
    return text[start:].lstrip(" \t\f")[:1] in ("", "\n", "\r")


def _before_newline(text: str, line_start: int) -> int:
    """Where the line before ends, without its newline."""
    before = text[:line_start]
    return len(before.removesuffix("\n").removesuffix("\r"))


def _step(file: FileCalls, layout: ImportLayout, indent: str) -> str:
    """One step of indentation as the file has it: that of its first block."""
    if "\t" in indent:
        return "\t"
    for node, outer in file.names.parents.items():
        if isinstance(node, ast.stmt) and isinstance(outer, _BLOCKS) and node.lineno > outer.lineno:
            inner, around = layout.indent(node), " " * outer.col_offset
            if not inner.strip() and inner != around:
                return "\t" if "\t" in inner else inner.removeprefix(around)
    return "    "


CODEMOD = GuardRuns()
