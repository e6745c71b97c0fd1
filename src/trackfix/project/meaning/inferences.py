"""Where a project infers a value that callers may give, such as a folder of configuration."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Literal, NamedTuple

from trackfix.project.facts.expressions import dotted, names_in
from trackfix.project.files_with_words import files_with, has_word
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.settings.config import ConfigError
from trackfix.project.test_paths import is_test_path

Function = ast.FunctionDef | ast.AsyncFunctionDef
Form = Literal["for-none", "given", "elsewhere"]

# What may infer a parameter in a project that names no other function for it.
_DEFAULTS = {"config_dir": "resolve_project_paths_with_fallback"}
_LIBRARY = "trackfix.tracking"


class Inference(NamedTuple):
    """One call that infers ``parameter``.

    ``form`` is ``for-none`` where that is done for a parameter that is None, ``given`` where a
    parameter of the function is not looked at, ``elsewhere`` where there is no such parameter.
    """

    node: ast.Call
    parameter: str
    function: Function | None
    form: Form


class OneFunction(NamedTuple):
    """The function that may infer a parameter; ``is_own`` if the project has it or names it."""

    module: str
    name: str
    is_own: bool

    @property
    def home(self) -> str:
        """Its dotted name."""
        return f"{self.module}.{self.name}"


class Inferences:
    """The inferences of a project, and the one function for each parameter that may make them."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        """
        Raises:
            ConfigError: a function that the settings name is not there.
        """
        self.project = project
        self._resolver = resolver
        self._given = project.config.inferred_parameters
        self.parameters = tuple({**_DEFAULTS, **self._given})
        for parameter, home in self._given.items():
            module, _, name = home.partition(":")
            if resolver.resolve(module, name).status == "missing":
                raise ConfigError(
                    f"pyproject.toml: [tool.trackfix] inferred-parameters '{parameter}': there is "
                    f"no '{name}' in {module}"
                )

    @property
    def words(self) -> tuple[str, ...]:
        """Words of which one stands in every file that infers a parameter."""
        return tuple(f"infer_{parameter}" for parameter in self.parameters)

    def files(self) -> Iterator[str]:
        """The files that could infer a parameter."""
        return (p for p in files_with(self.project, self.words) if not is_test_path(p))

    @cached_property
    def one_functions(self) -> dict[str, OneFunction]:
        """For each parameter the function that may infer it."""
        return {parameter: self._one_function(parameter) for parameter in self.parameters}

    def _one_function(self, parameter: str) -> OneFunction:
        if parameter in self._given:
            module, _, name = self._given[parameter].partition(":")
            found = self._resolver.resolve(module, name)
            return OneFunction(found.module, found.name, is_own=True)
        name = _DEFAULTS[parameter]
        for path in files_with(self.project, (f"def {name}",)):
            bound = self.project.facts[path].bindings.get(name, ())
            home = self.project.primary_name(path)
            if home and bound and bound[-1].form == "function" and not is_test_path(path):
                return OneFunction(home, name, is_own=True)
        is_used = any(True for _ in files_with(self.project, (_LIBRARY,)))
        return OneFunction(_LIBRARY, name, is_own=is_used)

    @cached_property
    def _places_for_none(self) -> dict[str, int]:
        """In how many functions each parameter is inferred for None."""
        found: dict[str, set[tuple[str, int]]] = {}
        for path in self.files():
            for each in self._in_file(path):
                if each.form == "for-none" and each.function is not None:
                    place = (path, each.function.lineno)
                    found.setdefault(each.parameter, set()).add(place)
        return {parameter: len(places) for parameter, places in found.items()}

    def redundant(self, path: str) -> Iterator[Inference]:
        """The inferences of one file that belong into the one function. Where the project has no
        such function, one place may be it."""
        if is_test_path(path) or path not in self.project.facts:
            return
        for found in self._in_file(path):
            is_own = self.one_functions[found.parameter].is_own
            if found.form == "for-none" and not is_own:
                if self._places_for_none[found.parameter] > 1:
                    yield found
            elif found.form == "given" or is_own:
                yield found

    def _in_file(self, path: str) -> Iterator[Inference]:
        if not has_word(self.project, path, self.words):
            return
        names = self._resolver.analysis(Meanings).file(path)
        if names is None or path.endswith(".pyi"):
            return
        for node in names.document.index.calls:
            called = (dotted(node.func) or "").rpartition(".")[2]
            for parameter in self.parameters:
                if _infers(called, parameter):
                    found = self._read(names, node, parameter)
                    if found is not None:
                        yield found

    def _read(self, names: FileNames, node: ast.Call, parameter: str) -> Inference | None:
        function = _function_around(node, names)
        if function is not None:
            one = self.one_functions[parameter]
            own = Meaning(names.module, function.name)
            if _infers(function.name, parameter) or own == Meaning(one.module, one.name):
                return None
        has_parameter = function is not None and parameter in _parameters(function)
        guard = _guard(node, function, parameter, names) if has_parameter else ""
        if guard == "none":
            return Inference(node, parameter, function, "for-none")
        if guard == "other" or not _goes_to(node, parameter, names):
            return None
        return Inference(node, parameter, function, "given" if has_parameter else "elsewhere")


def _infers(name: str, parameter: str) -> bool:
    return re.fullmatch(rf"_?infer_{parameter}(_\w+)?", name) is not None


def _function_around(node: ast.AST, names: FileNames) -> Function | None:
    outer = names.parents.get(node)
    while outer is not None and not isinstance(outer, Function):
        outer = names.parents.get(outer)
    return outer


def _parameters(function: Function) -> set[str]:
    found = function.args
    return {arg.arg for arg in (*found.posonlyargs, *found.args, *found.kwonlyargs)}


def _goes_to(node: ast.Call, parameter: str, names: FileNames) -> bool:
    """Whether the result is given the name of the parameter, or given on as it."""
    outer = names.parents[node]
    if isinstance(outer, ast.keyword):
        return outer.arg == parameter
    if isinstance(outer, (ast.AnnAssign, ast.NamedExpr)):
        return dotted(outer.target) == parameter
    return isinstance(outer, ast.Assign) and [dotted(t) for t in outer.targets] == [parameter]


def _guard(
    node: ast.AST, function: Function | None, parameter: str, names: FileNames
) -> Literal["none", "other", ""]:
    """What stands before the inference: a test that the parameter is None (or empty), another one
    in which it occurs, or none."""
    inner, outer = node, names.parents.get(node)
    found: list[ast.expr] = []
    while outer is not None and inner is not function:
        if isinstance(outer, (ast.If, ast.IfExp, ast.While)) and inner is not outer.test:
            found.append(outer.test)
        elif isinstance(outer, ast.BoolOp) and inner in outer.values[1:]:
            found += outer.values[: outer.values.index(inner)]
        elif isinstance(outer, (ast.match_case, ast.Try)):
            found.append(ast.Constant(None))
        inner, outer = outer, names.parents.get(outer)
    if function is not None:
        earlier = (part for part in ast.walk(function) if isinstance(part, ast.If))
        found += [part.test for part in earlier if part.lineno < _line(node) and _leaves(part)]
    about = [test for test in found if parameter in names_in(test)]
    if any(_asks_for_none(test, parameter) for test in about):
        return "none"
    return "other" if about or _is_set_before(node, function, parameter) else ""


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _leaves(statement: ast.If) -> bool:
    return isinstance(statement.body[-1], (ast.Return, ast.Raise, ast.Continue))


def _asks_for_none(test: ast.expr, parameter: str) -> bool:
    """``p``, ``p is None``, ``p == ""``, the opposite, or one of them among others that are not
    about the parameter."""
    if isinstance(test, ast.BoolOp):
        about = [value for value in test.values if parameter in names_in(value)]
        return all(_asks_for_none(value, parameter) for value in about)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return _asks_for_none(test.operand, parameter)
    if isinstance(test, ast.Compare):
        is_empty = all(isinstance(c, ast.Constant) and not c.value for c in test.comparators)
        return dotted(test.left) == parameter and is_empty
    return dotted(test) == parameter


def _is_set_before(node: ast.AST, function: Function | None, parameter: str) -> bool:
    """Whether the parameter has got another value by then."""
    return function is not None and any(
        isinstance(part, ast.Name)
        and part.id == parameter
        and isinstance(part.ctx, ast.Store)
        and part.lineno < _line(node)
        for part in ast.walk(function)
    )
