"""What plain steps give back: when all is there, without experiment, without run."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Literal

from trackfix.project.facts.expressions import dotted, last_name, string_value
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.plain_shapes import Shape

Case = Literal["found", "no experiment", "no run"]
# What is known of a value: it is None, empty, neither of both, or nothing is known.
Value = Literal["none", "empty", "there", "unknown"]
_Env = Mapping[str, Value]
# In words what steps do without an experiment and without a run; empty where nothing guards them.
Guards = tuple[str, str]

FOUND = "found"
NONE = "returns None"
_PATHS = 64
# How the plain steps fail.
_PLAIN = {"found": "", "no experiment": "AttributeError", "no run": "IndexError"}

_TELLING = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_LOGGERS = frozenset({"log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER", "warnings"})
_HARMLESS = frozenset({"bool", "getLogger", "int", "len", "list", "print", "str", "tuple"})
_THERE = frozenset({"info", "data", "run_id", "experiment_id"})
_NO_STEPS = (ast.Import, ast.ImportFrom, ast.Pass)


class _Missing(Exception):
    """A value that is missing is read; the argument is the error's name."""


class Outcomes:
    """Goes through the statements of a function that have the steps of ``shape``.

    What can't be decided goes both ways. ``known`` is what is known of names before.
    """

    def __init__(
        self, statements: Sequence[ast.stmt], shape: Shape, known: Mapping[str, Value]
    ) -> None:
        self._statements = statements
        self._shape = shape
        self._case: Case = "found"
        self._paths = 0
        self._known: _Env = known

    def of(self, case: Case) -> frozenset[str]:
        """The outcomes: ``found``, ``returns None``, ``raises X``; empty text where it fails as the
        plain steps do.

        Raises:
            NotPlain: it does more than the plain steps.
        """
        self._case = case
        self._paths = 0
        return frozenset(self._run(self._statements, self._known))

    def _run(self, statements: Sequence[ast.stmt], env: _Env) -> set[str]:
        for place, node in enumerate(statements):
            rest = statements[place + 1 :]
            try:
                if isinstance(node, ast.If):
                    is_so = _truth(self._value(node.test, env))
                    found: set[str] = set()
                    for way, body in ((True, node.body), (False, node.orelse)):
                        if is_so in (way, None):
                            found |= self._branch([*body, *rest], env)
                    return found
                if isinstance(node, ast.Return):
                    return {self._returned(node, env)}
                env = self._after(node, env)
            except _Missing as error:
                return {"" if str(error) == _PLAIN[self._case] else f"raises {error}"}
            if isinstance(node, ast.Raise):
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                return {f"raises {dotted(raised) or 'an error'}"}
            if isinstance(node, ast.Assert) and _truth(self._value(node.test, env)) is False:
                return {"raises AssertionError"}
        return {NONE}

    def _branch(self, statements: Sequence[ast.stmt], env: _Env) -> set[str]:
        self._paths += 1
        if self._paths > _PATHS:
            raise NotPlain("it has several ways")
        return self._run(statements, env)

    def _returned(self, node: ast.Return, env: _Env) -> str:
        value = self._value(node.value, env) if node.value is not None else "none"
        if value == "unknown":
            raise NotPlain("what it returns depends on more than the plain steps")
        return NONE if value == "none" else FOUND

    def _after(self, node: ast.stmt, env: _Env) -> _Env:
        """What is known behind a statement that has no ways of its own."""
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if node.value is None:
                return env
            if len(targets) > 1 or not isinstance(targets[0], ast.Name):
                raise NotPlain("it keeps more than the plain steps do")
            return {**env, targets[0].id: self._value(node.value, env)}
        if isinstance(node, ast.Expr):
            if not tells(node.value):
                self._value(node.value, env)
        elif isinstance(node, ast.Assert):
            if _truth(self._value(node.test, env)) is None:
                raise NotPlain("it asserts more than that there is something")
        elif isinstance(node, ast.Try):
            raise NotPlain("it catches errors")
        elif not isinstance(node, (*_NO_STEPS, ast.Raise)):
            raise NotPlain("it does more than the plain steps")
        return env

    # Values

    def _value(self, node: ast.expr, env: _Env) -> Value:
        """What is known of an expression; fails where reading it does."""
        if isinstance(node, ast.Constant):
            return _constant(node)
        if isinstance(node, ast.Name):
            return env.get(node.id, "unknown")
        if isinstance(node, ast.Attribute):
            if self._value(node.value, env) == "none":
                raise _Missing("AttributeError")
            return "there" if node.attr in _THERE else "unknown"
        if isinstance(node, ast.Subscript):
            held = self._value(node.value, env)
            if held in ("none", "empty"):
                raise _Missing("IndexError" if held == "empty" else "TypeError")
            return held
        if isinstance(node, ast.Call):
            return self._called(node, env)
        if isinstance(node, ast.IfExp):
            is_so = _truth(self._value(node.test, env))
            ways = [
                n for way, n in ((True, node.body), (False, node.orelse)) if is_so in (way, None)
            ]
            values = {self._value(way, env) for way in ways}
            return values.pop() if len(values) == 1 else "unknown"
        if isinstance(node, ast.BoolOp):
            return self._chained(node, env)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            is_so = _truth(self._value(node.operand, env))
            return "unknown" if is_so is None else "empty" if is_so else "there"
        if isinstance(node, ast.Compare):
            return self._compared(node, env)
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)):
            raise NotPlain("it does more than the plain steps")
        for part in ast.iter_child_nodes(node):
            if isinstance(part, ast.expr):
                self._value(part, env)
            elif isinstance(part, ast.comprehension):
                raise NotPlain("it goes through what it finds")
        is_full = isinstance(node, (ast.List, ast.Tuple)) and node.elts
        return "there" if is_full else "unknown"

    def _chained(self, node: ast.BoolOp, env: _Env) -> Value:
        """``a or b`` and ``a and b``, which end with the first value that decides."""
        deciding = isinstance(node.op, ast.Or)
        seen: set[Value] = set()
        for part in node.values:
            value = self._value(part, env)
            seen.add(value)
            if _truth(value) is deciding:
                return value if len(seen) == 1 or "unknown" not in seen else "unknown"
        return value if "unknown" not in seen else "unknown"

    def _compared(self, node: ast.Compare, env: _Env) -> Value:
        """``is None`` and comparisons of a length with zero or one; all else is unknown."""
        left = self._value(node.left, env)
        for part in node.comparators:
            self._value(part, env)
        right = node.comparators[0]
        if len(node.ops) > 1 or left == "unknown" or not isinstance(right, ast.Constant):
            return "unknown"
        word = type(node.ops[0]).__name__
        if right.value is None and word in ("Is", "IsNot", "Eq", "NotEq"):
            return "there" if (left == "none") == (word in ("Is", "Eq")) else "empty"
        if isinstance(node.left, ast.Call) and dotted(node.left.func) == "len":
            asked = (word, right.value)
            if asked in (("Eq", 0), ("Lt", 1), ("LtE", 0)):
                return "there" if left == "empty" else "empty"
            if asked in (("NotEq", 0), ("Gt", 0), ("GtE", 1)):
                return left
        return "unknown"

    def _called(self, node: ast.Call, env: _Env) -> Value:
        name = last_name(node.func)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        values = [self._value(argument, env) for argument in arguments]
        if id(node) in self._shape.calls:
            return self._shape.calls[id(node)]
        if isinstance(node.func, ast.Attribute):
            if node is self._shape.anchor and name == "search_runs":
                return "empty" if self._case == "no run" else "there"
            if name == "get_experiment_by_name":
                return "none" if self._case == "no experiment" else "there"
            if node is self._shape.anchor or name in ("get_run", "create_experiment"):
                return "there"
            if name == "format" and string_value(node.func.value) is not None:
                return "unknown"
        if name in _HARMLESS:
            return values[0] if name in ("bool", "len", "list", "tuple") and values else "unknown"
        raise NotPlain(f"it calls {name or 'something'}, too")


def defaults_of(function: ast.FunctionDef) -> dict[str, Value]:
    """What is known of the parameters that a call leaves out."""
    given = function.args
    late = given.args[len(given.args) - len(given.defaults) :]
    pairs = [*zip(late, given.defaults, strict=True)]
    keywords = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    pairs += [(name, value) for name, value in keywords if value is not None]
    return {name.arg: _constant(value) for name, value in pairs}


def _constant(node: ast.expr) -> Value:
    if not isinstance(node, ast.Constant):
        return "unknown"
    return "none" if node.value is None else "there" if node.value else "empty"


def _truth(value: Value) -> bool | None:
    return None if value == "unknown" else value == "there"


def tells(node: ast.expr) -> bool:
    """Whether an expression is a text, or only tells a log something."""
    if isinstance(node, ast.Constant):
        return True
    if not isinstance(node, ast.Call):
        return False
    holder, _, name = (dotted(node.func) or "").rpartition(".")
    return name in _TELLING and holder.rpartition(".")[2] in _LOGGERS
