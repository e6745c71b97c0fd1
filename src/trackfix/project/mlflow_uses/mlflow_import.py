"""Where a file imports MLflow, for what is to be imported beside it."""

from __future__ import annotations

import ast

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement


def top_import(names: FileNames) -> Statement | None:
    """The first import of MLflow at the top of a file's own statements; where the file imports
    nothing of MLflow, as it is given a client, the last of its imports there; None for none."""
    for node in names.document.tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and is_of_mlflow(node):
            return node
    imports = (
        n for n in ast.walk(names.document.tree) if isinstance(n, (ast.Import, ast.ImportFrom))
    )
    return None if any(map(is_of_mlflow, imports)) else _last_of_head(names)


def is_of_mlflow(node: Statement) -> bool:
    """Whether a statement imports MLflow, or something of it."""
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    else:
        modules = [] if node.level else [node.module or ""]
    return any(module.partition(".")[0] == "mlflow" for module in modules)


def _last_of_head(names: FileNames) -> Statement | None:
    """The last import before the first function or class."""
    found = None
    for node in names.document.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            found = found if is_future else node
    return found


def obstacle_to(names: FileNames, module: str, word: str) -> str:
    """What stands in the way of ``from module import word`` beside the import of MLflow, or of a
    use of that name; empty for nothing."""
    own = names.scopes.module
    bound = [scope for scope in names.scopes.all if word in scope.bindings]
    if bound == [own]:
        meaning = names.of_name(word, own)
        if meaning is not None and (meaning.module, meaning.name) == (module, word):
            return ""
    if bound:
        return f"{word} means something else here"
    if names.scopes.star_imports:
        return f"a star import may bind {word}"
    return "" if top_import(names) is not None else "the file doesn't import MLflow at its top"
