"""The block of a module that only runs when it is run as a script, and scripts without one."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping

from trackfix.project.facts.expressions import call_name

# What a module may ask of MLflow whenever it is loaded.
_SETS_UP = ("mlflow.set_", "mlflow.autolog", "mlflow.enable_", "mlflow.disable_")
_WORK = (ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While)


def is_main_guard(node: ast.AST) -> bool:
    """Whether a statement is ``if __name__ == "__main__":``."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    return (
        len(sides) == 2
        and isinstance(node.test.ops[0], ast.Eq)
        and any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
        and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)
    )


def is_main_block(node: ast.AST, parents: Mapping[ast.AST, ast.AST]) -> bool:
    """Whether a node stands in the body of such a statement."""
    inner, outer = node, parents.get(node)
    while outer is not None:
        if is_main_guard(outer) and isinstance(outer, ast.If) and inner in outer.body:
            return True
        inner, outer = outer, parents.get(outer)
    return False


def does_work(tree: ast.Module, harmless: Collection[str]) -> bool:
    """Whether a module does the work of a script whenever it is loaded: prints, loops, has MLflow
    do more than to be set up, or calls its own functions, but for the ``harmless``."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    defined = {node.name for node in tree.body if isinstance(node, functions)} - {*harmless}
    for statement in _loaded(tree.body):
        if isinstance(statement, _WORK):
            return True
        call = statement.value if isinstance(statement, ast.Expr) else None
        name = (call_name(call) or "") if isinstance(call, ast.Call) else ""
        if name.startswith("mlflow.") and not name.startswith(_SETS_UP):
            return True
        if name == "print" or name.partition(".")[0] in defined:
            return True
    return False


def _loaded(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that are executed when a module is loaded, also those below a condition."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If) and not is_main_guard(statement):
            yield from _loaded([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            handlers = [part for handler in statement.handlers for part in handler.body]
            yield from _loaded([*statement.body, *handlers, *statement.orelse])
