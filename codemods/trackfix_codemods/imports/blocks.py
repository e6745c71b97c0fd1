"""Change the imports of a file: each block of imports keeps its order, comments and layout."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from trackfix.project.meaning.scope_analysis import analyse
from trackfix.source.document import Edit
from trackfix.source.patterns import lazy_pattern
from trackfix_codemods.imports.changes import NewImport, Replacement, Statement
from trackfix_codemods.imports.imported_name import ImportedName, is_about_types, is_pragma
from trackfix_codemods.imports.layout import SECTIONS, ImportLayout, ImportLine
from trackfix_codemods.imports.loads import ImportLoads
from trackfix_codemods.imports.merger import ImportMerger
from trackfix_codemods.imports.order import STATEMENT_KEYS, sort_key_of
from trackfix_codemods.imports.statements import (
    opening_pragma,
    read_names,
    render_from,
    with_pragma,
)
from trackfix_codemods.imports.writer import ImportWriter

# https://docs.astral.sh/ruff/rules/unused-import/
_ALLOWS_UNUSED = lazy_pattern(r"#\s*noqa\s*:\s*F401\s*", re.IGNORECASE)


class ImportEditor:
    """Turns replacements into edits of one document. ``absolute`` gives the absolute name of a
    module as it is written in the document. ``works_by_order`` tells of two orders of what is
    loaded whether a circular import may work in the first only; then imports keep their places."""

    def __init__(
        self,
        layout: ImportLayout,
        limit: int,
        absolute: Callable[[str], str | None],
        *,
        combine_as: bool,
        works_by_order: Callable[[Sequence[str], Sequence[str]], bool] | None = None,
    ) -> None:
        self.layout = layout
        self.writer = ImportWriter(layout, limit, combine_as=combine_as)
        self.loads = ImportLoads(absolute)
        self.merger = ImportMerger(layout, self.writer, absolute)
        self.works_by_order = works_by_order

    def edits(self, replacements: Sequence[Replacement]) -> list[Edit]:
        """The edits that carry out ``replacements``."""
        by_suite: dict[int, tuple[list[ast.stmt], list[Replacement]]] = {}
        for replacement in replacements:
            suite = self.layout.suite(replacement.node)
            by_suite.setdefault(id(suite), (suite, []))[1].append(replacement)
        edits: list[Edit] = []
        for suite, found in by_suite.values():
            edits += self.suite_edits(suite, found)
        return edits

    def suite_edits(self, suite: list[ast.stmt], replacements: list[Replacement]) -> list[Edit]:
        replacements.sort(key=lambda r: suite.index(r.node))
        if self.works_by_order is None or self.layout.is_in_function(suite[0]):
            return self.arranged(suite, replacements, tidy=True)[0]
        copies = [replace(r, new=list(r.new)) for r in replacements]
        edits, order = self.arranged(suite, copies, tidy=True)
        in_place = self.loads.in_place(suite, replacements)
        if order == in_place or not self.works_by_order(in_place, order):
            return edits
        return self.arranged(suite, replacements, tidy=False)[0]

    def arranged(
        self, suite: list[ast.stmt], replacements: list[Replacement], *, tidy: bool
    ) -> tuple[list[Edit], list[str]]:
        """The edits of a suite, and what its imports load afterwards. Only where it is ``tidy`` a
        new import may stand elsewhere than the one that it replaces."""
        touched = {id(r.node): r for r in replacements}
        additions = self.merger.merge(suite, replacements, touched, down=tidy)
        runs = list(self.layout.runs(suite))
        moved = self.sorted_into_sections(suite, runs, touched) if tidy else {}
        edits: list[Edit] = []
        loaded: list[str] = []
        for run in runs:
            if id(run[0]) not in moved and not any(
                id(node) in touched or id(node) in additions for node in run
            ):
                loaded += [name for node in run for name in self.loads.of(node)]
            elif not self.layout.is_alone(run[0]):
                edits += [
                    self.inline(node, touched, additions)
                    for node in run
                    if id(node) in touched or id(node) in additions
                ]
                loaded += self.loads.in_place(run, [r for r in replacements if r.node in run])
            else:
                parts = self.new_parts(
                    run, touched, additions, moved.get(id(run[0]), []), tidy=tidy
                )
                edits += self.run_edits(run, parts)
                loaded += self.loads.of_code(line.code for part in parts for line in part)
        return edits, list(dict.fromkeys(loaded))

    def sorted_into_sections(
        self, suite: list[ast.stmt], runs: list[list[Statement]], touched: dict[int, Replacement]
    ) -> dict[int, list[NewImport]]:
        """New imports that belong in another of isort's sections than the run they come from, by
        the first statement of the run that they go to. They leave their replacement."""
        moved: dict[int, list[NewImport]] = {}
        for run in runs:
            own = self.layout.section_of(run)
            for node in run:
                replacement = touched.get(id(node))
                if replacement is None or own is None or replacement.star:
                    continue
                for new in list(replacement.new):
                    section = self.layout.section(new.module)
                    if section == own:
                        continue
                    fitting = (
                        other
                        for other in runs
                        if self.layout.section_of(other) == section
                        and self.may_hold(suite, other, run)
                    )
                    home = next(fitting, None)
                    if home is not None:
                        replacement.new.remove(new)
                        moved.setdefault(id(home[0]), []).append(new)
        return moved

    def in_sections(self, lines: list[ImportLine], section: str | None) -> list[list[ImportLine]]:
        """The lines of a run that was one section of isort's, as a list for each section. In the
        cells of a notebook the sections follow each other without a blank line."""
        sections = {self.layout.section(line.module) for line in lines}
        is_short = self.layout.document.is_notebook or self.layout.newline not in self.layout.text
        if section is None or len(sections) == 1 or is_short:
            return [lines]
        return [
            [line for line in lines if self.layout.section(line.module) == name]
            for name in SECTIONS
            if name in sections
        ]

    def may_hold(self, suite: list[ast.stmt], run: list[Statement], other: list[Statement]) -> bool:
        """Whether an import may move from run ``other`` to ``run``: both stand in one block of
        imports, and ``run`` is sorted."""
        first, last = sorted((suite.index(run[0]), suite.index(other[0])))
        between = suite[first:last]
        lines = [self.layout.line_of(node) for node in run]
        return (
            all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in between)
            and self.layout.same_cell(run[0], other[0])
            and sort_key_of([line.key for line in lines], STATEMENT_KEYS) is not None
        )

    def new_parts(
        self,
        run: list[Statement],
        touched: dict[int, Replacement],
        additions: dict[int, list[ImportedName]],
        moved: list[NewImport],
        *,
        tidy: bool,
    ) -> list[list[ImportLine]]:
        """The lines that a run becomes, those between blank lines together."""
        old = [self.layout.line_of(node) for node in run]
        key = sort_key_of([line.key for line in old], STATEMENT_KEYS) if tidy else None
        lines: list[ImportLine] = []
        for node, line in zip(run, old, strict=True):
            new = self.new_lines(node, line, touched.get(id(node)), additions.get(id(node), []))
            if tidy:
                # Also among imports in no order, those that come in the stead of one are in order.
                new.sort(key=lambda line: (key or STATEMENT_KEYS[0])(line.key))
            lines += new
        indent = self.layout.indent(run[0])
        fresh = self.writer.fresh_lines(moved, indent)
        # Such as "noqa: E402" behind each import of a block that is not at the top.
        if len({line.tail for line in old}) == 1 and is_pragma(old[0].tail.strip()):
            for line in fresh:
                line.tail = old[0].tail if self.needs(line, old[0].tail.strip()) else ""
        lines = self.joined([*lines, *fresh], indent)
        parts = self.in_sections(lines, self.layout.section_of(run) if key is not None else None)
        if key is not None:
            for part in parts:
                if len({self.layout.section(line.module) for line in part}) == 1:
                    part.sort(key=lambda line: key(line.key))
        return parts

    def run_edits(self, run: list[Statement], parts: list[list[ImportLine]]) -> list[Edit]:
        """The edits that put these lines in the place of a run."""
        start, end = self.layout.document.span(run[0])[0], self.layout.line_end(run[-1])
        if not any(parts):
            return [self.layout.deletion(run)]
        indent = self.layout.indent(run[0])
        pieces: list[str] = []
        for part in parts:
            for line in part:
                newline = line.newline or self.layout.newline
                pieces += [line.code, line.tail, newline, indent]
            # A blank line between sections.
            pieces[-1:] = [self.layout.newline, indent]
        text = "".join(pieces[:-3])
        return _trimmed(self.layout.text, Edit(start, end, text))

    def joined(self, lines: list[ImportLine], indent: str) -> list[ImportLine]:
        """Two new from-imports of one module become one."""
        result: list[ImportLine] = []
        for line in lines:
            if line.fresh and any(line.code == other.code for other in result):
                continue
            same = next(
                (
                    other
                    for other in result
                    if other.fresh
                    and other.is_from
                    and (other.module, other.alias_of) == (line.module, line.alias_of)
                ),
                None,
            )
            joins = line.fresh and line.is_from and not line.alias_of and not line.tail.strip()
            if same is None or not joins or same.tail.strip() or "*" in same.code + line.code:
                result.append(line)
            else:
                names = self.writer.in_order(read_names(same.code), read_names(line.code))
                same.code = self.writer.from_import(line.module, names, indent)
        return result

    def new_lines(
        self,
        node: Statement,
        line: ImportLine,
        replacement: Replacement | None,
        additions: list[ImportedName],
    ) -> list[ImportLine]:
        indent = self.layout.indent(node)
        if additions:
            line.code = self.writer.extended(line.code, line.module, additions, indent)
        if replacement is None:
            return [line]
        statements = self.writer.statements(node, line.code, replacement, indent)
        comment = line.tail.strip()
        needing = [s for s in statements if self.needs(s, comment)] or statements[:1]
        if not replacement.gone and is_about_types(comment):
            # It speaks of the module that is imported here, as before; what is new has another.
            needing = statements[:1]
        for position, statement in enumerate(statements):
            statement.newline = line.newline
            if statement in needing if is_pragma(comment) else position == 0:
                statement.tail = line.tail
        self.keep_opening(line, statements)
        if not statements and comment and not is_pragma(comment):
            return [ImportLine(comment, line.module, line.is_from, newline=line.newline)]
        return statements

    def keep_opening(self, line: ImportLine, statements: list[ImportLine]) -> None:
        """Say to tools of the statements what was said behind the bracket of the old one."""
        pragma = opening_pragma(line.code) if line.is_from and "(" in line.code else ""
        fresh = [s for s in statements if s.is_from and pragma not in s.code] if pragma else []
        for statement in [s for s in fresh if self.needs(s, pragma)] or (
            fresh[:1] if len(fresh) == len(statements) else []
        ):
            statement.code = with_pragma(statement.code, pragma)

    def needs(self, line: ImportLine, pragma: str) -> bool:
        """Whether a comment to a tool is about a statement: one that allows for imports that
        nothing uses is not, if all names of it are used."""
        if not _ALLOWS_UNUSED.fullmatch(pragma) or not line.is_from or "*" in line.code:
            return True
        return any(name.local in self.unused for name in read_names(line.code))

    @cached_property
    def unused(self) -> frozenset[str]:
        """The names that an import of the document binds and nothing in it reads."""
        document = self.layout.document
        read = {use.name for use in analyse(document).uses}
        imports = (
            n for n in ast.walk(document.tree) if isinstance(n, (ast.Import, ast.ImportFrom))
        )
        bound = (a.asname or a.name.partition(".")[0] for n in imports for a in n.names)
        return frozenset(bound) - read

    def inline(
        self,
        node: Statement,
        touched: dict[int, Replacement],
        additions: dict[int, list[ImportedName]],
    ) -> Edit:
        """A statement that shares its line with others."""
        start, end = self.layout.document.span(node)
        code = self.layout.text[start:end]
        if id(node) in additions:
            module = self.layout.line_of(node).module
            names = self.writer.in_order(read_names(code), additions[id(node)])
            code = render_from(module, names, indent="", limit=10**6, newline=self.layout.newline)
        if id(node) not in touched:
            return Edit(start, end, code)
        lines = self.writer.statements(node, code, touched[id(node)], "")
        if not lines:
            return self.gone(node, touched)
        return Edit(start, end, "; ".join(line.code for line in lines))

    def gone(self, node: Statement, touched: dict[int, Replacement]) -> Edit:
        """Take a statement out of the line that it shares, with what parts it from one beside."""
        document, suite = self.layout.document, self.layout.suite(node)
        start, end = document.span(node)
        at = suite.index(node)
        if at and suite[at - 1].end_lineno == node.lineno:
            return Edit(document.span(suite[at - 1])[1], end, "")
        below = suite[at + 1] if at + 1 < len(suite) else None
        if below is not None and below.lineno == node.end_lineno and id(below) not in touched:
            return Edit(start, document.span(below)[0], "")
        return Edit(start, end, "pass")


def _trimmed(text: str, edit: Edit) -> list[Edit]:
    """An edit without the whole lines at both ends that it leaves as they are."""
    old = text[edit.start : edit.end].splitlines(keepends=True)
    new = edit.replacement.splitlines(keepends=True)
    head = 0
    while head < min(len(old), len(new)) - 1 and old[head] == new[head]:
        head += 1
    tail = 0
    while (
        tail < min(len(old), len(new)) - head
        and old[len(old) - 1 - tail] == new[len(new) - 1 - tail]
    ):
        tail += 1
    if head == len(old) == len(new):
        return []
    start = edit.start + sum(map(len, old[:head]))
    end = edit.end - sum(map(len, old[len(old) - tail :]))
    replacement = "".join(new[head : len(new) - tail])
    return [Edit(start, end, replacement)] if text[start:end] != replacement else []
