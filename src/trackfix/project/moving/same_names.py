"""Several imports of one name, of which the last one wins."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackfix.project.facts.expressions import written_module
from trackfix.project.modules.results import Resolution
from trackfix.project.project import absolute
from trackfix.project.references.moves import Target
from trackfix.source.syntax_index import suite_of

if TYPE_CHECKING:
    from trackfix.project.moving.movable import FileItems


def bound_beside(node: ast.ImportFrom, alias: ast.alias, target: Target, file: FileItems) -> str:
    """Why one of several imports of a name must stay where it is: one that is moved to its home may
    stand in another place. Empty if it need not."""
    local = alias.asname or alias.name
    own = file.moves.resolver.resolve(target.module, target.name, file.path)
    for other in suite_of(node, file.references.parents):
        if other is node or not isinstance(other, (ast.Import, ast.ImportFrom)):
            continue
        if other.lineno > node.lineno and _module_of(other, file) == target.module:
            continue  # no import is put below one of the same module
        if any(meant.home != own.home for meant in _bound(other, local, file)):
            return f"line {file.document.file_line(other.lineno)} imports {local}, too"
    return ""


def _bound(
    statement: ast.Import | ast.ImportFrom, local: str, file: FileItems
) -> Iterator[Resolution]:
    """What an import binds to a name."""
    resolver, module = file.moves.resolver, _module_of(statement, file)
    for alias in statement.names:
        if isinstance(statement, ast.Import):
            if (alias.asname or alias.name.partition(".")[0]) == local:
                yield resolver.module(alias.name, file.path)
        elif module is None:
            continue
        elif alias.name == "*" and local in (resolver.star_names(module, file.path) or ()):
            yield resolver.resolve(module, local, file.path)
        elif (alias.asname or alias.name) == local:
            yield resolver.resolve(module, alias.name, file.path)


def _module_of(statement: ast.Import | ast.ImportFrom, file: FileItems) -> str | None:
    """The module that names are imported from."""
    if isinstance(statement, ast.Import):
        return None
    return absolute(written_module(statement), file.package)
