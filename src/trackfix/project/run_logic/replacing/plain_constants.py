"""What a constant is: its text, or at least where it is defined."""

from __future__ import annotations

import ast
import re

from trackfix.project.facts.expressions import dotted, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope
from trackfix.project.run_logic.values.constants import text_constants

_MLFLOW_TAGS = "mlflow.utils.mlflow_tags"
_TEXTS_OF_MLFLOW = {
    "MLFLOW_PARENT_RUN_ID": "mlflow.parentRunId",
    "MLFLOW_RUN_NAME": "mlflow.runName",
}


def constant_of(node: ast.expr | None, scope: Scope | None, names: FileNames) -> str:
    """The text of an expression that is a literal or a constant of a module; ``<module:NAME>``
    where that is not told by the module, and nothing if it is no constant."""
    literal = string_value(node)
    if literal is not None:
        return literal
    written = dotted(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
    if written is None or scope is None:
        return ""
    home = _home(node, written, scope, names)
    if home is None:
        return ""
    module, name = home
    if module == _MLFLOW_TAGS and name in _TEXTS_OF_MLFLOW:
        return _TEXTS_OF_MLFLOW[name]
    found = names.meanings.project.find(module, names.path)
    if found is None or not found.path:
        return f"<{module}:{name}>"
    there = names.meanings.file(found.path)
    if there is None:
        return ""
    tree = there.document.tree
    text = text_constants(tree).get(name)
    owner = name.partition(".")[0]
    is_of_class = "." in name and not _is_bare_class(tree, owner)
    is_bound_again = len(there.scopes.module.bindings.get(owner, ())) > 1
    if text is None or is_of_class or is_bound_again or _may_be_set(name, names):
        return f"<{module}:{name}>"
    return text


def _home(
    node: ast.expr | None, written: str, scope: Scope, names: FileNames
) -> tuple[str, str] | None:
    """The module that defines a constant, and the name there with its attributes."""
    found, rest = names.of(node, scope), ""
    while found is None and isinstance(node, ast.Attribute):
        rest = f".{node.attr}{rest}"
        node = node.value
        found = names.of(node, scope)
    if found is not None:
        return (found.module, found.name + rest) if found.name else None
    root = written.partition(".")[0]
    owner = names.scopes.binding_scope(root, scope)
    is_own = owner is names.scopes.module and len(owner.bindings[root]) == 1
    return (names.module, written) if is_own and names.module else None


def _may_be_set(name: str, names: FileNames) -> bool:
    """Whether any file sets an attribute of that name: ``keys.STUDY = read()``."""
    last = name.rpartition(".")[2].encode()
    pattern = re.compile(rb"\.%b\s*=(?!=)|setattr\([^\n]*[\"']%b[\"']" % (last, last))
    project = names.meanings.project
    holding = project.facts.holding([last])
    return any(pattern.search(project.read_if_possible(path)) for path in sorted(holding))


def _is_bare_class(tree: ast.Module, name: str) -> bool:
    """Whether a class has its constants as they are written: an enumeration gives members."""
    classes = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
    return any(not (node.bases or node.keywords or node.decorator_list) for node in classes)
