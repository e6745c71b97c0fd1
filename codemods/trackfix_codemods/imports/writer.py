"""Writes the import statements that come in the stead of others."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from trackfix.project.facts.expressions import written_module
from trackfix_codemods.imports.changes import NewImport, Replacement, Statement
from trackfix_codemods.imports.imported_name import ImportedName
from trackfix_codemods.imports.layout import ImportLayout, ImportLine
from trackfix_codemods.imports.order import NAME_KEYS, sort_key_of
from trackfix_codemods.imports.statements import (
    opening_pragma,
    read_names,
    render_from,
    render_import,
    retarget,
    with_pragma,
)


def _imports_one_each(tree: ast.Module) -> bool:
    """Whether a file imports one name a line, also where several come from one module. Those with
    an ``as`` stand alone in other files, too."""
    modules: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            if len(node.names) > 1:
                return False
            if not node.names[0].asname:
                modules.append(written_module(node))
    return len(modules) > len(set(modules))


class ImportWriter:
    """Puts statements into text, each on one line where it fits ``limit`` characters.
    ``combine_as`` keeps names with and without ``as`` in one statement."""

    def __init__(self, layout: ImportLayout, limit: int, *, combine_as: bool) -> None:
        self.layout = layout
        self.limit = limit
        self.combine_as = combine_as
        self.one_each = _imports_one_each(layout.document.tree)
        self.newline = layout.newline

    def from_import(self, module: str, names: Sequence[ImportedName], indent: str) -> str:
        """The text of a from-import."""
        return render_from(module, names, indent=indent, limit=self.limit, newline=self.newline)

    def statements(
        self, node: Statement, code: str, replacement: Replacement, indent: str
    ) -> list[ImportLine]:
        """What stands in the place of one statement, without its trailing comment."""
        if replacement.star:
            text = retarget(code, replacement.star, None)
            return [ImportLine(text, replacement.star, True, True)]
        kept = [i for i in range(len(node.names)) if i not in replacement.gone]
        if isinstance(node, ast.ImportFrom) and node.names[0].name != "*":
            whole = self.retargeted(node, code, replacement, kept)
            if whole is not None:
                return [whole]
        rest = [self.reduced(node, code, kept, indent)] if kept else []
        in_order = (
            not isinstance(node, ast.ImportFrom)
            or sort_key_of([alias.name for alias in node.names], NAME_KEYS) is not None
        )
        mixes = len(node.names) > 1 and any(alias.asname for alias in node.names)
        return rest + self.fresh_lines(replacement.new, indent, in_order=in_order, mixes=mixes)

    def reduced(self, node: Statement, code: str, kept: list[int], indent: str) -> ImportLine:
        """A statement with the aliases at the positions ``kept`` only."""
        is_from = isinstance(node, ast.ImportFrom)
        module = node.names[kept[0]].name
        if isinstance(node, ast.ImportFrom):
            module = written_module(node)
        if len(kept) == len(node.names):
            return ImportLine(code, module, is_from, member=node.names[0].name)
        if is_from:
            names = read_names(code)
            text = self.from_import(module, [names[i] for i in kept], indent)
            text = with_pragma(text, opening_pragma(code))
            return ImportLine(text, module, True, member=names[kept[0]].name)
        aliases = [node.names[i] for i in kept]
        text = "import " + ", ".join(
            f"{alias.name} as {alias.asname}" if alias.asname else alias.name for alias in aliases
        )
        return ImportLine(text, module, False)

    def fresh_lines(
        self,
        new: Sequence[NewImport],
        indent: str,
        *,
        in_order: bool = True,
        mixes: bool = False,
    ) -> list[ImportLine]:
        """New statements, one for each module; ``in_order`` sorts the names in each. A name with
        ``as`` has a statement of its own, unless the file ``mixes`` them."""
        lines: list[ImportLine] = []
        grouped: dict[tuple[str, str], list[ImportedName]] = {}
        for item in new:
            if item.name is None:
                text = render_import(item.module, item.asname)
                lines.append(ImportLine(text, item.module, False, True))
            else:
                apart = item.name.asname and not (mixes or self.combine_as)
                alias_of = item.name.code if apart or self.one_each else ""
                grouped.setdefault((item.module, alias_of), []).append(item.name)
        for (module, alias_of), names in grouped.items():
            if in_order:
                names = sorted(names, key=lambda name: NAME_KEYS[0](name.name))
            text = self.from_import(module, names, indent)
            lines.append(
                ImportLine(text, module, True, True, alias_of=alias_of, member=names[0].name)
            )
        return lines

    def retargeted(
        self, node: ast.ImportFrom, code: str, replacement: Replacement, kept: list[int]
    ) -> ImportLine | None:
        """The statement itself, pointed elsewhere, when all its names have one new home."""
        modules = {new.module for new in replacement.new}
        names = [new.name for new in replacement.new if new.name is not None]
        if kept or len(modules) != 1 or len(names) != len(node.names) != 0:
            return None
        if len(names) != len(replacement.new) or self._gain_aliases(node, names):
            return None
        module = modules.pop()
        text = retarget(code, module, names)
        one_line = "\n" not in text and "\r" not in text
        indent = self.layout.indent(node)
        if one_line and len(indent + text) > self.limit and self.layout.is_alone(node):
            text = self.from_import(module, names, indent)
        apart = len(names) == 1 and (names[0].asname or self.one_each)
        alias_of = names[0].name if apart else ""
        return ImportLine(text, module, True, True, alias_of=alias_of, member=names[0].name)

    def _gain_aliases(self, node: ast.ImportFrom, names: Sequence[ImportedName]) -> bool:
        """Whether names that stood together without ``as`` would now have to stand apart."""
        had = any(alias.asname for alias in node.names)
        return len(names) > 1 and not (had or self.combine_as) and any(n.asname for n in names)

    def extended(self, code: str, module: str, additions: list[ImportedName], indent: str) -> str:
        """A from-import with more names."""
        names = read_names(code)
        merged = self.in_order(names, additions)
        if "\n" in code or "\r" in code:
            text = render_from(module, merged, indent=indent, limit=0, newline=self.newline)
            return with_pragma(text, opening_pragma(code))
        return self.from_import(module, merged, indent)

    def in_order(
        self, names: list[ImportedName], more: Sequence[ImportedName]
    ) -> list[ImportedName]:
        present = {name.local for name in names}
        merged = [*names, *(name for name in more if name.local not in present)]
        key = sort_key_of([name.name for name in names], NAME_KEYS)
        return sorted(merged, key=lambda name: key(name.name)) if key is not None else merged
