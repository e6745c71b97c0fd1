"""What a function with plain steps returns: a run, its id, the id of an experiment, nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from trackfix.project.facts.expressions import is_none
from trackfix.project.run_logic.replacing.plain_resolutions import check_created
from trackfix.project.run_logic.replacing.plain_shapes import Shape, Shapes


def results_of(shapes: Shapes, shape: Shape, returned: Iterable[ast.expr]) -> set[str]:
    """The results that some expressions may be: those of `Result`, ``nothing``, ``something``.

    Raises:
        NotPlain: an experiment is created in another way than by its name.
    """
    return {found for value in returned for found in _Returned(shapes, shape).of(value)}


class _Returned:
    """Tells what a returned expression is."""

    def __init__(self, shapes: Shapes, shape: Shape) -> None:
        self.shapes = shapes
        self.shape = shape
        self._seen: set[str] = set()

    def of(self, node: ast.expr) -> Iterator[str]:
        """The results that an expression may be."""
        if isinstance(node, ast.IfExp):
            yield from self.of(node.body)
            yield from self.of(node.orelse)
        elif is_none(node):
            yield "nothing"
        elif isinstance(node, ast.Name):
            statements = self._bound(node)
            for statement in statements:
                yield from self.of(statement)
            if not statements:
                yield "something"
        elif self._is_first(node):
            yield "run"
        elif isinstance(node, ast.Attribute):
            yield self._attribute(node)
        elif node is self.shape.anchor and "parent-run-id" in self.shape.roles:
            yield "run"
        elif isinstance(node, ast.Call):
            check_created(self.shapes, node, self.shape)
            yield "experiment-id"
        else:
            yield "something"

    def _bound(self, name: ast.Name) -> list[ast.expr]:
        """What the assignments give that bind a name; nothing if it is bound in another way."""
        if name.id in self._seen:
            return []
        self._seen.add(name.id)
        scope = self.shapes.scope(name)
        found = []
        for node in scope.bindings.get(name.id, ()):
            statement = self.shapes.parents.get(node)
            if not (isinstance(statement, ast.Assign) and statement.targets == [node]):
                return []
            found.append(statement.value)
        return found

    def _attribute(self, node: ast.Attribute) -> str:
        holder = node.value
        if node.attr == "run_id" and isinstance(holder, ast.Attribute) and holder.attr == "info":
            return "run-id" if set(self.of(holder.value)) - {"nothing"} == {"run"} else "something"
        is_asked = isinstance(holder, ast.Name) and holder.id == self.shape.experiment
        is_resolution = self.shape.roles.keys() <= {"client", "experiment-name"} and is_asked
        is_id = node.attr == "experiment_id" and is_resolution
        return "experiment-id" if is_id else "something"

    def _is_first(self, node: ast.expr) -> bool:
        if not (isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)):
            return False
        return node.slice.value == 0 and self.shapes.follow(
            node.value, Shape(self.shape.anchor)
        ) is (self.shape.anchor)
