"""The block of a module that only runs when the module is run as a script."""

from __future__ import annotations

import ast
from collections.abc import Mapping


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
