"""Where a file imports MLflow, for what is to be imported beside it."""

from __future__ import annotations

import ast

from trackfix.project.client_names import FileNames, Statement


def top_import(names: FileNames) -> Statement | None:
    """The first import of MLflow at the top of a file's own statements; None if it has none."""
    for node in names.document.tree.body:
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module or ""]
        else:
            continue
        if any(module.partition(".")[0] == "mlflow" for module in modules):
            return node
    return None


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
