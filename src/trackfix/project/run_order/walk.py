"""Follows the calls of an entry point in the order of their execution, as far as that is known.

A point is *clean* if nothing that may set MLflow up can have been executed before it, on any path.
Only a run that is created at a clean point is reported: whatever is not known ends the search.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from typing import NamedTuple

from trackfix.project.loading.entry_blocks import is_main_guard
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_order.callees import (
    RUNS_CODE,
    Callees,
    callee_name,
    root_meaning,
)
from trackfix.project.run_order.files import (
    DEFINITIONS,
    Definition,
    Function,
    OrderFile,
    OrderFiles,
)
from trackfix.project.run_order.may_setup import Unknown
from trackfix.source.syntax_index import children, own_nodes

_ENVIRON = Meaning("os", "environ")
_HARMLESS_DECORATORS = frozenset(
    {
        *("abc", "click", "contextlib", "dataclasses", "functools", "hydra", "numba", "torch"),
        *("typer", "typing"),
    }
)
# Workflow engines whose decorators only say how an entry point is run. A call from elsewhere in the
# project they may send to where the environment is another one.
_AROUND_ENTRIES = _HARMLESS_DECORATORS | {"airflow", "flytekit", "kfp", "prefect"}
_ENTERS = frozenset({"__enter__", "__aenter__"})
_MAX_DEPTH = 30


# A function or class: its file, line and column.
_Place = tuple[str, int, int]


class Step(NamedTuple):
    """One call on the way; ``name`` is what is called."""

    path: str
    node: ast.expr
    line: int
    name: str


class Reached(Exception):
    """A run is created at a clean point; ``chain`` are the calls that lead there."""

    def __init__(self, chain: tuple[Step, ...]) -> None:
        super().__init__("a run is created before MLflow is set up")
        self.chain = chain


class Walker:
    """Follows calls through one project. ``ways`` are the functions by which an entry point was
    seen to set MLflow up."""

    def __init__(self, project: Project, resolver: Resolver, known: Unknown) -> None:
        """``known`` has the names of what may set MLflow up."""
        self._files = resolver.analysis(OrderFiles)
        self._callees = Callees(project, self._files)
        self._may_set_up = known
        self.ways: set[str] = set()
        # By place, as a file that was let go of in between has other nodes when it is parsed again.
        self._known: dict[_Place, bool | tuple[Step, ...]] = {}
        self._open: list[_Place] = []
        self._entry = ""

    def script(self, file: OrderFile) -> None:
        """Follow a module that is run as a script, or a notebook.

        Raises:
            Reached: a run is created before MLflow is set up.
        """
        self._entry = file.names.path
        self._block(file, file.names.document.tree.body, True)

    def entry(self, file: OrderFile, node: Function, *, is_named: bool) -> None:
        """Follow a function that something outside of the project calls; ``is_named`` if the
        project says so.

        Raises:
            Reached: a run is created before MLflow is set up.
        """
        self._entry = file.names.path
        known = _AROUND_ENTRIES if is_named else _HARMLESS_DECORATORS
        if self._has_only(known, file, node):
            self._open.append(_place(file, node))
            try:
                self._body(file, node)
            finally:
                self._open.pop()

    def function(self, file: OrderFile, node: Definition) -> bool:
        """Follow a function that is called at a clean point; tell if it is clean afterwards.

        Raises:
            Reached: a run is created before MLflow is set up.
        """
        place = _place(file, node)
        if place in self._open or len(self._open) > _MAX_DEPTH:
            return True  # a circle adds nothing to the call of it that is open
        if place not in self._known:
            self._open.append(place)
            try:
                self._known[place] = self._read(file, node)
            except Reached as reached:
                self._known[place] = reached.chain
            finally:
                self._open.pop()
        found = self._known[place]
        if isinstance(found, tuple):
            raise Reached(found)
        return found

    def _read(self, file: OrderFile, node: Definition) -> bool:
        if isinstance(node, ast.ClassDef):
            return self._class(file, node)
        return self._has_only(_HARMLESS_DECORATORS, file, node) and self._body(file, node)

    def _body(self, file: OrderFile, node: Function) -> bool:
        is_generator = any(isinstance(n, (ast.Yield, ast.YieldFrom)) for n in own_nodes(node.body))
        if is_generator and not node.decorator_list:
            return node.name not in self._may_set_up.names
        after = self._block(file, node.body, True)
        return after is not False and self._stays_clean(file, node)

    def _stays_clean(self, file: OrderFile, node: Function) -> bool:
        """Whether no branch that returns early has set up anything."""
        return not any(
            isinstance(part, ast.expr) and self._files.is_setup(part, file)
            for part in own_nodes(node.body)
        ) and not any(
            isinstance(part, ast.Call) and callee_name(part) in self._may_set_up.names
            for part in own_nodes(node.body)
        )

    def _class(self, file: OrderFile, node: ast.ClassDef) -> bool:
        """What the construction of an object does."""
        makers = [
            part
            for part in node.body
            if isinstance(part, Function) and part.name in ("__init__", "__post_init__", "__new__")
        ]
        for maker in makers:
            if not self.function(file, maker):
                return False
        return not (node.bases and not makers and "__init__" in self._may_set_up.names)

    def _has_only(self, packages: frozenset[str], file: OrderFile, node: Function) -> bool:
        """Whether all decorators of a function are builtins, or come from one of the packages."""
        for decorator in node.decorator_list:
            plain = decorator.func if isinstance(decorator, ast.Call) else decorator
            builtin = ("staticmethod", "classmethod", "property")
            if isinstance(plain, ast.Name) and plain.id in builtin:
                continue
            found = file.meaning(plain) or root_meaning(file, plain)
            if found is None or found.module.partition(".")[0] not in packages:
                return False
        return True

    def _block(self, file: OrderFile, body: Iterable[ast.stmt], clean: bool) -> bool | None:
        """Whether the end of a block is clean; None if it is never reached."""
        for statement in body:
            after = self._statement(file, statement, clean)
            if after is None:
                return None
            clean = after
        return clean

    def _statement(self, file: OrderFile, node: ast.stmt, clean: bool) -> bool | None:
        if isinstance(node, DEFINITIONS):
            return clean
        if isinstance(node, (ast.If, ast.While)):
            clean = self._expression(file, node.test, clean)
            branches = [self._block(file, node.body, clean)]
            is_script = is_main_guard(node)
            branches.append(branches[0] if is_script else self._block(file, node.orelse, clean))
            return _joined([*branches, *([clean] if isinstance(node, ast.While) else ())])
        if isinstance(node, (ast.For, ast.AsyncFor)):
            clean = self._expression(file, node.iter, clean)
            inside = self._block(file, node.body, clean)
            return self._block(file, node.orelse, _joined([inside, clean]) is not False)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                clean = self._expression(file, item.context_expr, clean)
            if _ENTERS & self._may_set_up.names:
                return False
            return self._block(file, node.body, clean)
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            return self._try(file, node, clean)  # type: ignore[arg-type]
        if isinstance(node, ast.Match):
            clean = self._expression(file, node.subject, clean)
            return _joined([clean, *(self._block(file, c.body, clean) for c in node.cases)])
        for child in children(node):
            clean = self._expression(file, child, clean)
        ends = (ast.Return, ast.Raise, ast.Break, ast.Continue)
        return None if isinstance(node, ends) else clean

    def _try(self, file: OrderFile, node: ast.Try, clean: bool) -> bool | None:
        after = self._block(file, node.body, clean)
        # What was done before the exception is not known.
        inside = clean and after is not False
        ends = [self._block(file, handler.body, inside) for handler in node.handlers]
        ends.append(self._block(file, node.orelse, after) if after is not None else None)
        joined = _joined(ends)
        final = self._block(file, node.finalbody, inside and joined is not False)
        return None if joined is None or final is None else joined and final

    def _expression(self, file: OrderFile, node: ast.AST, clean: bool) -> bool:
        """Whether the point behind an expression is clean."""
        if isinstance(node, DEFINITIONS) or not clean:
            return clean
        for child in children(node):
            clean = self._expression(file, child, clean)
        if not clean or not isinstance(node, ast.expr):
            return clean
        what = self._files.is_setup(node, file)
        if what:
            self._note_way(file, node, what)
            return False
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            is_known = isinstance(node.slice, ast.Constant)
            return is_known or file.meaning(node.value) != _ENVIRON
        if isinstance(node, ast.Attribute):
            # A property may do it; what is called is looked at as a call.
            call = file.names.parents[node]
            is_called = isinstance(call, ast.Call) and call.func is node
            return is_called or node.attr not in self._may_set_up.names
        return self._call(file, node) if isinstance(node, ast.Call) else True

    def _note_way(self, file: OrderFile, node: ast.expr, what: str) -> None:
        """A function that is there to set up shows how the project does it."""
        function = file.outer(node, *Function.__args__)
        if node not in file.setups:
            self.ways.add(what)
        elif (
            isinstance(function, Function)
            and file.names.path != self._entry
            and not any(
                isinstance(part, ast.Call) and self._files.is_creation(part, file)
                for part in ast.walk(function)
            )
        ):
            self.ways.add(function.name)

    def _call(self, file: OrderFile, node: ast.Call) -> bool:
        """Whether the point behind a call at a clean point is clean."""
        created = self._files.is_creation(node, file)
        if created:
            raise Reached((self._step(file, node, created),))
        if node in file.calls:
            return True
        names = [part.id for part in node.args if isinstance(part, ast.Name)]
        if any(name in self._may_set_up.names for name in names):
            return False  # it may be called back
        meaning = file.meaning(node.func)
        target = self._callees.target(file, node, meaning)
        if target is not None:
            try:
                return self.function(*target)
            except Reached as reached:
                step = self._step(file, node, callee_name(node))
                raise Reached((step, *reached.chain)) from None
        if meaning is not None and meaning.module:
            return self._callees.is_harmless(meaning)
        if isinstance(node.func, ast.Name):
            is_builtin = file.names.scopes.binding_scope(node.func.id, file.names.scopes.module)
            known = hasattr(builtins, node.func.id) and is_builtin is None
            return known and node.func.id not in RUNS_CODE
        if isinstance(node.func, ast.Attribute):
            if file.meaning(node.func.value) == _ENVIRON:
                return node.func.attr not in ("update", "setdefault")
            root = root_meaning(file, node.func)
            is_outside = root is not None and root.module and not self._callees.is_own(root)
            if root is not None and is_outside and not self._callees.is_harmless(root):
                return False
            return node.func.attr not in self._may_set_up
        return False

    def _step(self, file: OrderFile, node: ast.expr, name: str) -> Step:
        return Step(file.names.path, node, file.names.line(node), name)


def _place(file: OrderFile, node: Definition) -> _Place:
    return file.names.path, node.lineno, node.col_offset


def _joined(ends: Iterable[bool | None]) -> bool | None:
    """The end of several branches: clean if all are that reach it."""
    reached = [end for end in ends if end is not None]
    return all(reached) if reached else None
