"""Runs that ``mlflow.start_run()`` begins without a guarantee that they end as they should."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from trackfix.project.facts.expressions import dotted, last_name
from trackfix.project.files_with_words import files_with
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.mlflow_uses.receivers import Function
from trackfix.project.test_paths import is_test_path
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import own_nodes, suite_of

_WITH = (ast.With, ast.AsyncWith)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_SCOPES = (*Function.__args__, ast.ClassDef, ast.Lambda)
_MAY_FAIL = (ast.Call, ast.Subscript, ast.Await, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom)
_ENDS = ("end_run", "set_terminated")
# What a user of the function is to end, or another method of a framework.
_LEAVES_A_RUN = lazy_pattern(
    r"start|begin|init|set_?up|enter|open|create|ensure|resume|run|^on_|before"
)
# A notebook that is kept as a script: how Databricks begins one, and what parts the cells there, in
# editors, in what nbconvert writes and in the light form of Jupytext.
_DATABRICKS = "# Databricks notebook source"
_CELL = lazy_pattern(r"^#(?: ?%%| COMMAND -{5}| In\[| \+[ \t]*$)", re.MULTILINE)
_LEAVES = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom)


@dataclass(frozen=True, eq=False)
class UnguardedRun:
    """A run that is begun by ``call``, which is all that ``start`` does.

    ``interrupted``: ``end`` ends it in the same block, but only if nothing in ``body``, which is
    between them, fails. ``forgotten``: nothing in the project ends it. ``active``: it is begun
    within the block of ``around``, while the run of that is still active, which MLflow refuses.
    """

    kind: Literal["interrupted", "forgotten", "active"]
    call: MlflowCall
    start: ast.stmt
    end: ast.stmt | None = None
    body: Sequence[ast.stmt] = ()
    around: ast.stmt | None = None


def find_unguarded_runs(file: FileCalls) -> Iterator[UnguardedRun]:
    """Those in one file, in the order of the text; none in tests, which their fixtures guard."""
    if not is_test_path(file.names.path):
        starts = [call for call in file.calls if call.is_certain and call.api == "start_run"]
        for call in starts:
            found = _Start(file, call).judge()
            if found is not None:
                yield found


class _Start:
    def __init__(self, file: FileCalls, call: MlflowCall) -> None:
        self.file = file
        self.names = file.names
        self.parents = file.names.parents
        self.call = call
        self.statement = file.names.statement(call.node)
        given = file.names.meanings.project.config.run_ends
        self.ends = (*_ENDS, *(end.rpartition(":")[2] for end in given))

    def judge(self) -> UnguardedRun | None:
        around = self._active_around()
        if around is not None:
            return UnguardedRun("active", self.call, self.statement, around=around)
        if not self._is_alone() or self._is_handed_on() or self._is_guarded_from_outside():
            return None
        suite = suite_of(self.statement, self.parents) or [self.statement]
        rest = suite[suite.index(self.statement) + 1 :]
        others = 0  # that are begun further down, and end first
        for number, statement in enumerate(rest):
            if self._is_end(statement) and others:
                others -= 1
            elif self._is_end(statement):
                body = rest[:number]
                may_fail = (*_MAY_FAIL, ast.Yield) if self._is_context() else _MAY_FAIL
                fails = any(isinstance(n, may_fail) for part in body for n in ast.walk(part))
                if not fails or self._in_different_cells(statement) or self._ends_in_caller():
                    return None
                return UnguardedRun("interrupted", self.call, self.statement, statement, body)
            elif self._names_end(statement):
                if not self._ends_and_leaves(statement):
                    return None
            else:
                others += len(list(begun_in([statement], self.file)))
        is_forgotten = self._is_script() or self._is_in_plain_function()
        if not is_forgotten or self._ends_somewhere():
            return None
        return UnguardedRun("forgotten", self.call, self.statement)

    def _is_alone(self) -> bool:
        """Whether the call is all that its statement does, but to give the run a name."""
        statement, node = self.statement, self.call.node
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            return _name_of(statement) is not None and statement.value is node
        return isinstance(statement, ast.Expr) and statement.value is node

    def _is_handed_on(self) -> bool:
        """Whether the run may be ended through its name."""
        if not isinstance(self.statement, (ast.Assign, ast.AnnAssign)):
            return False
        target = _name_of(self.statement)
        assert target is not None
        scope = self.names.scopes.statement_scopes[self.statement]
        owner = self.names.scopes.binding_scope(target.id, scope)
        uses = self.names.scopes.uses_of(target.id, owner) if owner is not None else []
        is_context = self._is_context()
        return any(
            use.is_read
            and use.attributes[:1] not in (("info",), ("data",))
            and not (is_context and isinstance(self.parents.get(use.node), ast.Yield))
            for use in uses
        )

    def _is_guarded_from_outside(self) -> bool:
        inner: ast.AST = self.statement
        outer = self.parents.get(inner)
        while outer is not None and not isinstance(outer, _SCOPES):
            if isinstance(outer, ast.Try) and inner not in outer.finalbody:
                if any(self._names_end(part) for part in (*outer.handlers, *outer.finalbody)):
                    return True
            elif isinstance(outer, _WITH) or (isinstance(outer, _LOOPS) and inner in outer.orelse):
                return True
            inner, outer = outer, self.parents.get(outer)
        return False

    def _is_end(self, statement: ast.stmt) -> bool:
        node = statement.value if isinstance(statement, ast.Expr) else None
        call = self.file.by_node.get(node) if isinstance(node, ast.Call) else None
        return call is not None and call.is_certain and call.api == "end_run"

    def _ends_and_leaves(self, statement: ast.stmt) -> bool:
        """Whether a statement ends the run on some condition, and goes away: the lines around it
        may fail as well as without it."""
        if not isinstance(statement, ast.If) or statement.orelse:
            return False
        ends = [part for part in statement.body if self._names_end(part)]
        is_plain = all(isinstance(part, ast.Expr) for part in ends)
        return is_plain and isinstance(statement.body[-1], (ast.Return, ast.Break, ast.Continue))

    def _names_end(self, node: ast.AST) -> bool:
        return any(last_name(part) in self.ends for part in ast.walk(node))

    def _ends_somewhere(self) -> bool:
        """Whether anything in the project ends a run, or could: by the word itself."""
        return next(files_with(self.names.meanings.project, self.ends), None) is not None

    def _ends_in_caller(self) -> bool:
        """Whether a caller of the function ends the run when an exception gets there."""
        function = self._function()
        if function is None:
            return False
        meanings = self.names.meanings
        for path in files_with(meanings.project, self.ends):
            names = None if is_test_path(path) else meanings.file(path)
            for handled in ending_tries(names.parents, self.ends) if names is not None else ():
                called = (node for part in handled.body for node in ast.walk(part))
                if any(last_name(getattr(node, "func", None)) == function.name for node in called):
                    return True
        return False

    def _function(self) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        outer = self.parents.get(self.statement)
        while outer is not None and not isinstance(outer, _SCOPES):
            outer = self.parents.get(outer)
        return outer if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)) else None

    def _is_context(self) -> bool:
        """Whether it stands in a context manager, where what fails in a ``with`` is raised again at
        the ``yield``.

        https://docs.python.org/3/library/contextlib.html#contextlib.contextmanager
        """
        function = self._function()
        decorators = function.decorator_list if function is not None else ()
        return any(last_name(d) in ("contextmanager", "asynccontextmanager") for d in decorators)

    def _is_in_plain_function(self) -> bool:
        """Whether it stands in a function whose name doesn't say that it leaves a run behind."""
        outer = self._function()
        if outer is None:
            return False
        yields = any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own_nodes(outer.body))
        return not yields and not _LEAVES_A_RUN.search(outer.name)

    def _is_script(self) -> bool:
        """Whether it stands in the body of a script, or below ``if __name__ == "__main__"``."""
        document = self.names.document
        if document.is_notebook or document.text.startswith(_DATABRICKS):
            return False
        outer = self.parents.get(self.statement)
        if isinstance(outer, ast.If) and self.statement in outer.body:
            is_main = isinstance(outer.test, ast.Compare) and any(
                dotted(part) == "__name__" for part in (outer.test.left, *outer.test.comparators)
            )
            outer = self.parents.get(outer) if is_main else outer
        return isinstance(outer, ast.Module)

    def _in_different_cells(self, end: ast.stmt) -> bool:
        document = self.names.document
        first, last = (document.span(node)[0] for node in (self.statement, end))
        if _CELL.search(document.text[first:last]):
            return True
        return document.cell_of(first) != document.cell_of(last)

    def _active_around(self) -> ast.stmt | None:
        """The ``with start_run()`` in whose block this one begins, if nothing ends that before."""
        nested = self.call.argument("nested", 3)
        is_plain = nested is None or (isinstance(nested, ast.Constant) and nested.value is False)
        node = self.call.node
        open_ended = any(k.arg is None for k in node.keywords) or any(
            isinstance(part, ast.Starred) for part in node.args
        )
        if not is_plain or open_ended:
            return None
        inner: ast.AST = self.statement
        outer = self.parents.get(inner)
        while outer is not None and not isinstance(outer, _SCOPES):
            if isinstance(outer, _WITH) and inner in outer.body:
                starts = [self._start_of(item.context_expr) for item in outer.items]
                if any(starts):
                    return None if self._may_not_be_active(outer) else outer
            inner, outer = outer, self.parents.get(outer)
        return None

    def _start_of(self, node: ast.expr) -> bool:
        call = self.file.by_node.get(node) if isinstance(node, ast.Call) else None
        return call is not None and call.is_certain and call.api == "start_run"

    def _may_not_be_active(self, around: ast.With | ast.AsyncWith) -> bool:
        words = ("end_run", "active_run", "raises", "assertRaises", "assertRaisesRegex")
        nodes = [node for node in own_nodes(around.body) if last_name(node) in words]
        return bool(nodes)


def _name_of(statement: ast.Assign | ast.AnnAssign) -> ast.Name | None:
    """The one name that a statement gives to its value."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return targets[0] if len(targets) == 1 and isinstance(targets[0], ast.Name) else None


def ending_tries(nodes: Iterable[ast.AST], ends: Collection[str]) -> Iterator[ast.Try]:
    """The ``try`` statements that end a run where an exception gets there."""
    for node in nodes:
        if isinstance(node, ast.Try):
            parts = (*node.handlers, *node.finalbody)
            if any(last_name(inner) in ends for part in parts for inner in ast.walk(part)):
                yield node


def begun_in(body: Iterable[ast.stmt], file: FileCalls) -> Iterator[MlflowCall]:
    """The runs that statements begin outside of a ``with``, but for those of functions that are
    only defined there."""
    for statement in body:
        for node in _executed(statement):
            call = file.by_node.get(node) if isinstance(node, ast.Call) else None
            if call is None or not (call.is_certain and call.api == "start_run"):
                continue
            if not isinstance(file.names.parents[call.node], ast.withitem):
                yield call


def ends_process(body: Iterable[ast.stmt]) -> bool:
    """Whether statements may end the process and say that all is well, or don't say what is."""
    return any(_is_exit(node) for statement in body for node in _executed(statement))


def _is_exit(node: ast.AST) -> bool:
    """``sys.exit()``, ``exit(0)``, ``raise SystemExit``; not ``sys.exit(1)`` or one with a text."""
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        if dotted(raised) != "SystemExit":
            return False
        given = node.exc.args if isinstance(node.exc, ast.Call) else []
    elif isinstance(node, ast.Call) and dotted(node.func) in ("sys.exit", "exit", "quit"):
        given = node.args
    else:
        return False
    says_failed = len(given) == 1 and isinstance(given[0], ast.Constant) and bool(given[0].value)
    return not says_failed


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """A node and those in it that are executed with it."""
    yield node
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        for child in ast.iter_child_nodes(node):
            yield from _executed(child)


def leaves_early(body: Sequence[ast.stmt]) -> bool:
    """Whether statements may be left by ``return`` and the like. A loop among them that is left, or
    a function that is only defined there, does not count."""
    return any(_leaves(part, _LEAVES) for part in body)


def _leaves(node: ast.AST, ways: tuple[type[ast.AST], ...]) -> bool:
    if isinstance(node, ways):
        return True
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        return False
    inner = ways
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
        if any(_leaves(part, ways) for part in node.orelse):
            return True
        inner = tuple(way for way in ways if way not in (ast.Break, ast.Continue))
    return any(_leaves(child, inner) for child in ast.iter_child_nodes(node))
