"""Change the imports of a file: each block of imports keeps its order, comments and layout."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from trackfix.source.document import Document, Edit
from trackfix_codemods.changes import NewImport, Replacement, Statement
from trackfix_codemods.import_order import NAME_KEYS, STATEMENT_KEYS, sort_key_of
from trackfix_codemods.import_statements import (
    ImportedName,
    is_pragma,
    read_names,
    render_from,
    render_import,
    retarget,
)

@dataclass(slots=True)
class _Line:
    """One import of a block being put together: its code, the comment behind it, and what it
    sorts by. ``fresh`` ones may be joined."""

    code: str
    module: str
    is_from: bool
    fresh: bool = False
    tail: str = ""

    @property
    def key(self) -> tuple[bool, str]:
        return self.is_from, self.module


class ImportEditor:
    """Turns replacements into edits of one document."""

    def __init__(
        self,
        document: Document,
        parents: dict[ast.AST, ast.AST],
        limit: int,
        absolute: Callable[[str], str | None],
        is_first_party: Callable[[str], bool],
    ) -> None:
        self.document = document
        self.parents = parents
        self.limit = limit
        self.absolute = absolute
        self.is_first_party = is_first_party
        self.newline = document.source.newline
        self.text = document.text

    def edits(self, replacements: Sequence[Replacement]) -> list[Edit]:
        """The edits that carry out ``replacements``."""
        by_suite: dict[int, tuple[list[ast.stmt], list[Replacement]]] = {}
        for replacement in replacements:
            suite = self.suite(replacement.node)
            by_suite.setdefault(id(suite), (suite, []))[1].append(replacement)
        edits: list[Edit] = []
        for suite, found in by_suite.values():
            edits += self.suite_edits(suite, found)
        return edits

    def suite(self, node: ast.stmt) -> list[ast.stmt]:
        """The list of statements that ``node`` stands in."""
        parent = self.parents[node]
        for name in ("body", "orelse", "finalbody"):
            statements = getattr(parent, name, None)
            if isinstance(statements, list) and node in statements:
                return statements
        raise AssertionError("a statement stands in no suite")

    def span(self, node: ast.stmt) -> tuple[int, int]:
        """The offsets of a statement."""
        lines = self.document.lines
        assert node.end_lineno is not None and node.end_col_offset is not None
        return (
            lines.offset(node.lineno, node.col_offset),
            lines.offset(node.end_lineno, node.end_col_offset),
        )

    # One suite

    def suite_edits(
        self, suite: list[ast.stmt], replacements: list[Replacement]
    ) -> list[Edit]:
        replacements.sort(key=lambda r: suite.index(r.node))
        touched = {id(r.node): r for r in replacements}
        additions = self.merge(suite, replacements, touched)
        runs = list(self.runs(suite))
        moved = self.sorted_into_sections(suite, runs, touched)
        edits: list[Edit] = []
        for run in runs:
            if id(run[0]) in moved or any(
                id(node) in touched or id(node) in additions for node in run
            ):
                edits += self.run_edits(run, touched, additions, moved.get(id(run[0]), []))
        return edits

    def sorted_into_sections(
        self, suite: list[ast.stmt], runs: list[list[Statement]], touched: dict[int, Replacement]
    ) -> dict[int, list[NewImport]]:
        """New imports that belong in another of isort's sections than the run they come from, by
        the first statement of the run that they go to. They leave their replacement."""
        moved: dict[int, list[NewImport]] = {}
        for run in runs:
            own = self.section_of(run)
            for node in run:
                replacement = touched.get(id(node))
                if replacement is None or own is None or replacement.star:
                    continue
                for new in list(replacement.new):
                    section = self.section(new.module)
                    home = next((
                        other for other in runs if self.section_of(other) == section
                        and self.may_hold(suite, other, run)
                    ), None) if section != own else None
                    if home is not None:
                        replacement.new.remove(new)
                        moved.setdefault(id(home[0]), []).append(new)
        return moved

    def section_of(self, run: list[Statement]) -> str | None:
        """The section of isort's that a run is, None when it is a mixture or no block."""
        lines = [self.line_of(node) for node in run]
        sections = {self.section(line.module) for line in lines}
        return sections.pop() if len(sections) == 1 and self.is_alone(run[0]) else None

    def may_hold(
        self, suite: list[ast.stmt], run: list[Statement], other: list[Statement]
    ) -> bool:
        """Whether an import may move from run ``other`` to ``run``: both stand in one block of
        imports, and ``run`` is sorted."""
        first, last = sorted((suite.index(run[0]), suite.index(other[0])))
        between = suite[first:last]
        lines = [self.line_of(node) for node in run]
        return (
            all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in between)
            and self.document.cell_of(self.span(run[0])[0])
            == self.document.cell_of(self.span(other[0])[0])
            and sort_key_of([line.key for line in lines], STATEMENT_KEYS) is not None
        )

    def merge(
        self,
        suite: list[ast.stmt],
        replacements: list[Replacement],
        touched: dict[int, Replacement],
    ) -> dict[int, list[ImportedName]]:
        """Names that join a from-import of the same module in the suite, by that statement.

        What joins leaves its replacement. A statement further down is joined only when nothing
        but imports stands between, for the names may be used there.
        """
        additions: dict[int, list[ImportedName]] = {}
        for replacement in replacements:
            own = suite.index(replacement.node)
            kept: list[NewImport] = []
            for new in replacement.new:
                partner = self.partner(suite, own, new, touched)
                if partner is None:
                    kept.append(new)
                    continue
                assert new.name is not None
                present = {alias.asname or alias.name for alias in partner.names}
                joined = additions.setdefault(id(partner), [])
                if new.name.local not in present | {name.local for name in joined}:
                    joined.append(new.name)
            replacement.new = self.unrepeated(kept, additions)
        return additions

    def unrepeated(
        self, new: list[NewImport], additions: dict[int, list[ImportedName]]
    ) -> list[NewImport]:
        seen: set[tuple[str, str, str]] = set()
        result = []
        for item in new:
            key = (item.module, item.name.code if item.name else "", item.asname)
            if key not in seen:
                seen.add(key)
                result.append(item)
        return result

    def partner(
        self, suite: list[ast.stmt], own: int, new: NewImport, touched: dict[int, Replacement]
    ) -> ast.ImportFrom | None:
        if new.name is None:
            return None
        for position, node in enumerate(suite):
            if not isinstance(node, ast.ImportFrom) or id(node) in touched:
                continue
            written = "." * node.level + (node.module or "")
            if node.names[0].name == "*" or self.absolute(written) != new.home:
                continue
            if self.document.cell_of(self.span(node)[0]) != self.document.cell_of(
                self.span(suite[own])[0]
            ):
                continue
            between = suite[own + 1 : position]
            if position < own or all(isinstance(n, (ast.Import, ast.ImportFrom)) for n in between):
                return node
        return None

    # Runs of imports

    def runs(self, suite: list[ast.stmt]) -> Iterator[list[Statement]]:
        """Imports on lines of their own with nothing between them; others stand alone."""
        run: list[Statement] = []
        for node in suite:
            joins = bool(run) and self.is_alone(node) and self.is_alone(run[-1]) and (
                not self.text[self.line_end(run[-1]) : self.span(node)[0]].strip()
                and self.text[self.line_end(run[-1]) : self.span(node)[0]].count("\n")
                + self.text[self.line_end(run[-1]) : self.span(node)[0]].count("\r") <= len(
                    self.newline
                )
            )
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                joins = False
            if run and not joins:
                yield run
                run = []
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                run.append(node)
        if run:
            yield run

    def line_start(self, node: ast.stmt) -> int:
        start = self.span(node)[0]
        return max(self.text.rfind("\n", 0, start), self.text.rfind("\r", 0, start)) + 1

    def line_end(self, node: ast.stmt) -> int:
        """Where the line that ``node`` ends on ends, its newline left out."""
        position = self.span(node)[1]
        while position < len(self.text) and self.text[position] not in "\r\n":
            position += 1
        return position

    def is_alone(self, node: ast.stmt) -> bool:
        """Whether nothing but a comment shares the lines of a statement."""
        start, end = self.span(node)
        before = self.text[self.line_start(node) : start]
        after = self.text[end : self.line_end(node)].strip()
        return not before.strip() and (not after or after.startswith("#"))

    def run_edits(
        self,
        run: list[Statement],
        touched: dict[int, Replacement],
        additions: dict[int, list[ImportedName]],
        moved: list[NewImport],
    ) -> list[Edit]:
        if not self.is_alone(run[0]):
            return [self.inline(node, touched, additions) for node in run
                    if id(node) in touched or id(node) in additions]
        old = [self.line_of(node) for node in run]
        key = sort_key_of([line.key for line in old], STATEMENT_KEYS)
        lines: list[_Line] = []
        for node, line in zip(run, old, strict=True):
            lines += self.new_lines(node, line, touched.get(id(node)), additions.get(id(node), []))
        indent = self.text[self.line_start(run[0]) : self.span(run[0])[0]]
        lines = self.joined([*lines, *self.fresh_lines(moved, indent)], indent)
        if key is not None and self.is_uniform(lines):
            lines.sort(key=lambda line: key(line.key))
        start, end = self.span(run[0])[0], self.line_end(run[-1])
        if not lines:
            return [self.deletion(run)]
        text = f"{self.newline}{indent}".join(line.code + line.tail for line in lines)
        return _trimmed(self.text, Edit(start, end, text))

    def joined(self, lines: list[_Line], indent: str) -> list[_Line]:
        """Two new from-imports of one module become one."""
        result: list[_Line] = []
        for line in lines:
            same = next((other for other in result if other.fresh and other.is_from
                         and other.module == line.module), None)
            if same is None or not (line.fresh and line.is_from) or "*" in same.code + line.code:
                result.append(line)
            else:
                names = self.in_order(read_names(same.code), read_names(line.code))
                same.code = render_from(line.module, names, indent=indent, limit=self.limit,
                                        newline=self.newline)
                same.tail = same.tail or line.tail
        return result

    def is_uniform(self, lines: Sequence[_Line]) -> bool:
        """Whether all imports of a run belong in one section of isort's."""
        return len({self.section(line.module) for line in lines}) == 1

    def section(self, module: str) -> str:
        if module.startswith("."):
            return "local"
        top = module.partition(".")[0]
        if self.is_first_party(top):
            return "first"
        return "standard" if top in sys.stdlib_module_names else "third"

    def line_of(self, node: Statement) -> _Line:
        start, end = self.span(node)
        code, tail = self.text[start:end], self.text[end : self.line_end(node)]
        if isinstance(node, ast.ImportFrom):
            return _Line(code, "." * node.level + (node.module or ""), True, tail=tail)
        return _Line(code, node.names[0].name, False, tail=tail)

    def new_lines(
        self,
        node: Statement,
        line: _Line,
        replacement: Replacement | None,
        additions: list[ImportedName],
    ) -> list[_Line]:
        indent = self.text[self.line_start(node) : self.span(node)[0]]
        if replacement is None and additions:
            line.code = self.extended(line.code, line.module, additions, indent)
        if replacement is None:
            return [line]
        statements = self.statements(node, line.code, replacement, indent)
        comment = line.tail.strip()
        for position, statement in enumerate(statements):
            if position == 0 or is_pragma(comment):
                statement.tail = line.tail
        if not statements and comment and not is_pragma(comment):
            return [_Line(comment, line.module, line.is_from)]
        return statements

    def extended(
        self, code: str, module: str, additions: list[ImportedName], indent: str
    ) -> str:
        """A from-import with more names."""
        names = read_names(code)
        merged = self.in_order(names, additions)
        if "\n" not in code and "\r" not in code:
            return render_from(module, merged, indent=indent, limit=self.limit,
                               newline=self.newline)
        return render_from(module, merged, indent=indent, limit=0, newline=self.newline)

    def in_order(
        self, names: list[ImportedName], more: Sequence[ImportedName]
    ) -> list[ImportedName]:
        present = {name.local for name in names}
        merged = [*names, *(name for name in more if name.local not in present)]
        key = sort_key_of([name.name for name in names], NAME_KEYS)
        return sorted(merged, key=lambda name: key(name.name)) if key is not None else merged

    def statements(
        self, node: Statement, code: str, replacement: Replacement, indent: str
    ) -> list[_Line]:
        """What stands in the place of one statement, without its trailing comment."""
        if replacement.star:
            return [_Line(retarget(code, replacement.star, None), replacement.star, True, True)]
        lines: list[_Line] = []
        kept = [i for i in range(len(node.names)) if i not in replacement.gone]
        if isinstance(node, ast.ImportFrom):
            whole = self.retargeted(node, code, replacement, kept)
            if whole is not None:
                return [whole]
            written = "." * node.level + (node.module or "")
            if kept and not replacement.gone:
                lines.append(_Line(code, written, True))
            elif kept:
                names = read_names(code)
                lines.append(_Line(render_from(written, [names[i] for i in kept], indent=indent,
                                               limit=self.limit, newline=self.newline),
                                   written, True))
        elif kept and not replacement.gone:
            lines.append(_Line(code, node.names[0].name, False))
        elif kept:
            aliases = [node.names[i] for i in kept]
            text = "import " + ", ".join(
                f"{a.name} as {a.asname}" if a.asname else a.name for a in aliases
            )
            lines.append(_Line(text, aliases[0].name, False))
        in_order = not isinstance(node, ast.ImportFrom) or sort_key_of(
            [alias.name for alias in node.names], NAME_KEYS
        ) is not None
        return lines + self.fresh_lines(replacement.new, indent, in_order=in_order)

    def fresh_lines(
        self, new: Sequence[NewImport], indent: str, *, in_order: bool = True
    ) -> list[_Line]:
        """New statements, one for each module; ``in_order`` sorts the names in each."""
        lines: list[_Line] = []
        grouped: dict[str, list[ImportedName]] = {}
        for item in new:
            if item.name is None:
                text = render_import(item.module, item.asname)
                lines.append(_Line(text, item.module, False, True))
            else:
                grouped.setdefault(item.module, []).append(item.name)
        for module, names in grouped.items():
            if in_order:
                names = sorted(names, key=lambda name: NAME_KEYS[0](name.name))
            text = render_from(module, names, indent=indent, limit=self.limit,
                               newline=self.newline)
            lines.append(_Line(text, module, True, True))
        return lines

    def retargeted(
        self, node: ast.ImportFrom, code: str, replacement: Replacement, kept: list[int]
    ) -> _Line | None:
        """The statement itself, pointed elsewhere, when all its names have one new home."""
        modules = {new.module for new in replacement.new}
        names = [new.name for new in replacement.new if new.name is not None]
        if kept or len(modules) != 1 or len(names) != len(node.names) != 0:
            return None
        if len(names) != len(replacement.new):
            return None
        module = modules.pop()
        text = retarget(code, module, names)
        one_line = "\n" not in text and "\r" not in text
        start = self.span(node)[0]
        column = start - self.line_start(node)
        if one_line and column + len(text) > self.limit and self.is_alone(node):
            indent = self.text[self.line_start(node) : start]
            text = render_from(module, names, indent=indent, limit=self.limit,
                               newline=self.newline)
        return _Line(text, module, True, True)

    def inline(
        self, node: Statement, touched: dict[int, Replacement],
        additions: dict[int, list[ImportedName]],
    ) -> Edit:
        """A statement that shares its line with others."""
        start, end = self.span(node)
        code = self.text[start:end]
        if id(node) in touched:
            lines = self.statements(node, code, touched[id(node)], "")
            return Edit(start, end, "; ".join(line.code for line in lines) or "pass")
        module = self.line_of(node).module
        names = self.in_order(read_names(code), additions[id(node)])
        return Edit(start, end, render_from(module, names, indent="", limit=10**6,
                                            newline=self.newline))

    def deletion(self, run: list[Statement]) -> Edit:
        """Take whole lines away, and one of the two blank lines that would meet."""
        start, end = self.line_start(run[0]), self.line_end(run[-1])
        end = self.after_newline(end)
        blank_before = not self.text[:start] or self.text[:start].endswith(self.newline * 2)
        if blank_before and self.text.startswith(self.newline, end):
            end += len(self.newline)
        return Edit(start, end, "")

    def after_newline(self, offset: int) -> int:
        if self.text.startswith("\r\n", offset):
            return offset + 2
        return min(offset + 1, len(self.text))


def _trimmed(text: str, edit: Edit) -> list[Edit]:
    """An edit without the whole lines at both ends that it leaves as they are."""
    old = text[edit.start : edit.end].splitlines(keepends=True)
    new = edit.replacement.splitlines(keepends=True)
    head = 0
    while head < min(len(old), len(new)) - 1 and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[len(old) - 1 - tail] == new[
        len(new) - 1 - tail
    ]:
        tail += 1
    if head == len(old) == len(new):
        return []
    start = edit.start + sum(map(len, old[:head]))
    end = edit.end - sum(map(len, old[len(old) - tail :]))
    replacement = "".join(new[head : len(new) - tail])
    return [Edit(start, end, replacement)] if text[start:end] != replacement else []
