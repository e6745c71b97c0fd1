"""Names that join a from-import of the same module, instead of getting one of their own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from trackfix.project.facts.expressions import written_module
from trackfix_codemods.imports.changes import NewImport, Replacement
from trackfix_codemods.imports.imported_name import ImportedName
from trackfix_codemods.imports.layout import ImportLayout
from trackfix_codemods.imports.writer import ImportWriter


class ImportMerger:
    """Finds such imports in one document. ``absolute`` gives the absolute name of a module as it is
    written there."""

    def __init__(
        self, layout: ImportLayout, writer: ImportWriter, absolute: Callable[[str], str | None]
    ) -> None:
        self.layout = layout
        self.writer = writer
        self.absolute = absolute

    def merge(
        self,
        suite: list[ast.stmt],
        replacements: list[Replacement],
        touched: dict[int, Replacement],
        *,
        down: bool,
    ) -> dict[int, list[ImportedName]]:
        """Names that join a from-import of the same module in the suite, by that statement.

        What joins leaves its replacement. A statement further ``down`` is joined only when
        nothing but imports stands between, for the names may be used there.
        """
        additions: dict[int, list[ImportedName]] = {}
        for replacement in replacements:
            own = suite.index(replacement.node)
            kept: list[NewImport] = []
            for new in replacement.new:
                partner = self.partner(suite if down else suite[: own + 1], own, new, touched)
                if partner is None:
                    kept.append(new)
                    continue
                assert new.name is not None
                present = {alias.asname or alias.name for alias in partner.names}
                joined = additions.setdefault(id(partner), [])
                if new.name.local not in present | {name.local for name in joined}:
                    joined.append(new.name)
            replacement.new = _unrepeated(kept)
            if replacement.keeps_all and not kept:
                del touched[id(replacement.node)]
        return additions

    def partner(
        self, suite: list[ast.stmt], own: int, new: NewImport, touched: dict[int, Replacement]
    ) -> ast.ImportFrom | None:
        own_node = suite[own]
        assert isinstance(own_node, (ast.Import, ast.ImportFrom))
        if new.name is None:
            return None
        for position, node in enumerate(suite):
            if not isinstance(node, ast.ImportFrom):
                continue
            if id(node) in touched and not touched[id(node)].keeps_all:
                continue
            written = written_module(node)
            if node.names[0].name == "*" or self.absolute(written) != new.home:
                continue
            if not self.layout.same_cell(node, suite[own]) or not self.may_join(node, new):
                continue
            if self.layout.line_of(node).tail.strip() or self.layout.line_of(own_node).tail.strip():
                # A comment behind a statement speaks of all of it.
                continue
            between = suite[min(own, position) + 1 : max(own, position)]
            if any(_may_bind(n, new.name.local) for n in between):
                continue
            if position < own or all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in between):
                return node
        return None

    def may_join(self, node: ast.ImportFrom, new: NewImport) -> bool:
        """Whether a name may join a from-import although one of them has an ``as``, or the file
        has one import for each name: where it stands already, nothing has to be added."""
        assert new.name is not None
        there = {(alias.name, alias.asname or alias.name) for alias in node.names}
        if (new.name.name, new.name.local) in there and not new.name.has_comment:
            return True
        aliased = [bool(alias.asname) for alias in node.names]
        if self.writer.one_each:
            return False
        if self.writer.combine_as or (any(aliased) and len(aliased) > 1):
            return True
        return not (new.name.asname or any(aliased))


def _may_bind(statement: ast.stmt, name: str) -> bool:
    """Whether a statement may bind a name, or delete it."""
    for node in ast.walk(statement):
        if isinstance(node, ast.alias):
            bound = node.asname or node.name.partition(".")[0]
            if bound in (name, "*"):
                return True
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if node.id == name:
                return True
        elif getattr(node, "name", None) == name:  # a function, a class, `except … as`, `case … as`
            return True
    return False


def _unrepeated(new: Sequence[NewImport]) -> list[NewImport]:
    by_code = {
        (item.module, item.name.code if item.name else "", item.asname): item for item in new
    }
    return list(by_code.values())
