"""Where the code of a file configures MLflow: its store, its experiment, its environment."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from trackfix.project.facts.expressions import string_value
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.project import Project

SETUP_APIS = frozenset({"set_tracking_uri", "set_registry_uri", "set_experiment"})
_ENVIRON = Meaning("os", "environ")
_ENVIRON_METHODS = frozenset({"setdefault", "update", "pop", "__setitem__"})
_ENVIRON_FUNCTIONS = frozenset({"putenv", "unsetenv"})
_PREFIX = "MLFLOW_"
# Variables of the tool mlflow-export-import, which MLflow never reads.
_OTHERS = "MLFLOW_EXPORT_IMPORT_"
# Every file with such a step holds one of these.
SETUP_WORDS = ("mlflow", _PREFIX)


class SetupStep(NamedTuple):
    """One expression that configures MLflow; ``what`` is the function or the variable."""

    node: ast.expr
    what: str


def files_with_setup(project: Project) -> Iterator[str]:
    """The files that could have such a step."""
    return files_with(project, SETUP_WORDS)


def find_setup_steps(names: FileNames, calls: FileCalls | None) -> Iterator[SetupStep]:
    """The calls of MLflow's own functions, and the changes of ``MLFLOW_*`` variables in the
    environment of the process. A dict that is made for another process changes nothing here."""
    for call in calls.calls if calls is not None else ():
        if call.kind == "fluent" and call.is_certain and call.api in SETUP_APIS:
            yield SetupStep(call.node, f"mlflow.{call.api}")
    for node in names.document.index.calls:
        for variable in _set_by_call(names, node):
            yield SetupStep(node, variable)
    for statement, scope in names.scopes.statement_scopes.items():
        for target in _targets(statement):
            if isinstance(target, ast.Subscript):
                name = string_value(target.slice) or ""
                is_environ = names.of(target.value, scope) == _ENVIRON
                if _is_mlflows(name) and is_environ:
                    yield SetupStep(target, name)
        if not isinstance(statement, ast.AugAssign) or not isinstance(statement.op, ast.BitOr):
            continue
        if names.of(statement.target, scope) == _ENVIRON:
            for variable in _keys(statement.value):
                yield SetupStep(statement.target, variable)


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, (ast.Assign, ast.Delete)):
        return statement.targets
    return [statement.target] if isinstance(statement, (ast.AnnAssign, ast.AugAssign)) else []


def _set_by_call(names: FileNames, node: ast.Call) -> Iterator[str]:
    if not isinstance(node.func, ast.Attribute):
        return
    scope = names.scope_at(node)
    method = node.func.attr
    if method in _ENVIRON_METHODS and names.of(node.func.value, scope) == _ENVIRON:
        yield from (k.arg for k in node.keywords if k.arg and _is_mlflows(k.arg))
    elif method not in _ENVIRON_FUNCTIONS or names.of(node.func, scope) != Meaning("os", method):
        return
    if node.args:
        name = string_value(node.args[0]) or ""
        yield from [name] if _is_mlflows(name) else _keys(node.args[0])


def _keys(node: ast.expr) -> Iterator[str]:
    for key in node.keys if isinstance(node, ast.Dict) else ():
        name = string_value(key) or ""
        if _is_mlflows(name):
            yield name


def _is_mlflows(variable: str) -> bool:
    return variable.startswith(_PREFIX) and not variable.startswith(_OTHERS)
