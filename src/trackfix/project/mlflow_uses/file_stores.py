"""Tracking URIs of MLflow's file store, which MLflow refuses from 3.13 on."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import last_name, string_value
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCall
from trackfix.project.mlflow_uses.requirements import Release
from trackfix.project.project import Project

VARIABLE = "MLFLOW_TRACKING_URI"
ALLOWED = "MLFLOW_ALLOW_FILE_STORE"
# The first release whose `FileStore` raises an exception (mlflow/store/tracking/file_store.py).
REFUSED_SINCE: Release = (3, 13)
_SETTERS = frozenset({"set_tracking_uri", "set_registry_uri"})
_ENVIRONMENT = frozenset({"setdefault", "setenv", "putenv"})


def allows_file_stores(project: Project) -> bool:
    """Whether the project sets what lets MLflow use file stores all the same."""
    return next(files_with(project, (ALLOWED,)), None) is not None


def find_file_stores(file: FileCalls) -> Iterator[ast.expr]:
    """The values in one file that are given for a tracking or registry URI and are those of file
    stores, each once."""
    names, seen = file.names, set()
    for call in file.calls:
        for value in _given(call) if call.is_certain else ():
            if _is_file_store(value, call.scope, names) and value not in seen:
                seen.add(value)
                yield value
    if VARIABLE in names.document.text:
        for value, scope in _in_environment(names):
            if _is_file_store(value, scope, names):
                yield value


def _given(call: MlflowCall) -> Iterator[ast.expr]:
    if call.api in _SETTERS:
        uris = [call.argument("uri", 0)]
    elif call.api == "MlflowClient":
        uris = [call.argument("tracking_uri", 0), call.argument("registry_uri", 1)]
    else:
        uris = [call.argument("tracking_uri")]
    yield from (uri for uri in uris if uri is not None)


def _in_environment(names: FileNames) -> Iterator[tuple[ast.expr, Scope]]:
    """``os.environ["MLFLOW_TRACKING_URI"] = value``, and the calls that do the same."""
    for node in names.document.index.strings:
        parent = names.parents.get(node)
        if node.value != VARIABLE or parent is None:
            continue
        scope = names.scope_at(node)
        if isinstance(parent, ast.Call) and last_name(parent.func) in _ENVIRONMENT:
            if len(parent.args) > 1 and parent.args[0] is node:
                yield parent.args[1], scope
        elif isinstance(parent, ast.Subscript) and last_name(parent.value) == "environ":
            statement = names.parents.get(parent)
            if isinstance(statement, ast.Assign) and parent in statement.targets:
                yield statement.value, scope


def _is_file_store(node: ast.expr, scope: Scope, names: FileNames) -> bool:
    text = _beginning(node)
    if text is not None:
        is_whole = string_value(node) is not None
        return text.startswith("file:") or (is_whole and _is_path(text))
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "as_uri"
    if isinstance(node, ast.Name):
        value = _only_value(node, scope, names)
        return (
            value is not None
            and not isinstance(value, ast.Name)
            and (_is_file_store(value, scope, names))
        )
    return False


def _beginning(node: ast.expr) -> str | None:
    """The text that a string begins with; None when that is not known."""
    if isinstance(node, ast.JoinedStr):
        return string_value(node.values[0]) if node.values else ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        return _beginning(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _beginning(node.func.value) if node.func.attr == "format" else None
    return string_value(node)


def _is_path(text: str) -> bool:
    """``./mlruns``, ``mlruns``, ``/data/mlruns``: what MLflow takes for a folder."""
    return ":" not in text and (text.startswith(("./", "../", "/", "~")) or "mlruns" in text)


def _only_value(node: ast.Name, scope: Scope, names: FileNames) -> ast.expr | None:
    """What a name is bound to, if that is by one assignment only."""
    owner = names.scopes.binding_scope(node.id, scope)
    nodes = owner.bindings.get(node.id, []) if owner is not None else []
    parent = names.parents.get(nodes[0]) if len(nodes) == 1 else None
    is_plain = isinstance(parent, ast.Assign) and nodes[0] in parent.targets
    if is_plain and isinstance(parent, ast.Assign):
        return parent.value
    return parent.value if isinstance(parent, ast.AnnAssign) else None
