"""The edits of one file: what can move in it is written down."""

from __future__ import annotations

from functools import partial

from trackfix.project.loading.import_order import works_by_order
from trackfix.project.moving.binding_plans import BindingPlan
from trackfix.project.moving.movable import FileItems, Item
from trackfix.project.moving.star_plans import StarPlan
from trackfix.project.project import absolute
from trackfix.project.references.moves import Target
from trackfix.project.references.references import FromImport, ModuleBinding
from trackfix.rewrite.codemod import Proposal, Skipped
from trackfix.source.document import Edit
from trackfix_codemods.imports.blocks import ImportEditor
from trackfix_codemods.imports.changes import Changes, NewImport
from trackfix_codemods.imports.fallbacks import with_edits
from trackfix_codemods.imports.imported_name import imported
from trackfix_codemods.imports.layout import ImportLayout
from trackfix_codemods.imports.module_bindings import BindingRewriter
from trackfix_codemods.imports.spelling import Spelling
from trackfix_codemods.imports.star_imports import move_star
from trackfix_codemods.imports.statements import read_names


class FileRewriter:
    """Makes the edits for the items of one file that nothing stands in the way of."""

    def __init__(self, found: FileItems) -> None:
        self.found = found
        self.document = found.document
        self.project = found.project
        self.spelling = Spelling(found.package)
        self.changes = Changes()
        self.bindings = BindingRewriter(
            found.references, found.project, self.spelling, self.changes
        )

    def edits(self) -> list[Edit]:
        """The edits."""
        for item in self.found.items:
            if not item.obstacle:
                self.move(item)
        layout = ImportLayout(
            self.document,
            self.found.references.parents,
            lambda top: self.project.find(top, self.found.path) is not None,
        )
        editor = ImportEditor(
            layout,
            self.project.config.line_length,
            lambda written: absolute(written, self.found.package),
            combine_as=self.project.config.combine_as,
            works_by_order=partial(works_by_order, self.found.graph, self.found.path),
        )
        return [*self.changes.edits, *editor.edits(list(self.changes.replacements.values()))]

    def move(self, item: Item) -> None:
        """Carry out the plan of one item."""
        subject, plan = item.subject, item.plan
        if isinstance(subject, FromImport):
            if isinstance(plan, StarPlan):
                move_star(subject, plan, self.spelling, self.changes)
            elif isinstance(plan, Target):
                self.move_name(subject, item.position, plan)
        elif isinstance(subject, ModuleBinding):
            assert isinstance(plan, BindingPlan)
            self.bindings.move(subject, plan)
        else:
            assert isinstance(plan, str)
            self.changes.edits.append(Edit(subject.start, subject.end, plan))

    def move_name(self, statement: FromImport, position: int, target: Target) -> None:
        """Import one name of a statement from its home."""
        node = statement.node
        replacement = self.changes.of(node)
        replacement.gone.add(position)
        start, end = self.document.span(node)
        old = read_names(self.document.text[start:end])[position]
        if not target.name:
            replacement.new.append(
                self.spelling.module_import(
                    target.module, old.local, relative=node.level > 0, like=old
                )
            )
            return
        written = self.spelling.module(target.module, relative=node.level > 0)
        replacement.new.append(
            NewImport(target.module, written, imported(target.name, old.local, like=old))
        )


def propose_edits(file: FileItems, proposal: Proposal) -> None:
    """Add to a proposal what becomes of one file, and what stands in the way of its other items."""
    document = file.document
    proposal.skipped.extend(
        Skipped(document.path, item.line, f"{item.what}: {item.obstacle}")
        for item in file.items
        if item.obstacle
    )
    edits = FileRewriter(file).edits()
    notes = {
        (item.line, f"not proven safe: {item.what}: {doubt}"): None
        for item in file.items
        if not item.obstacle
        for doubt in item.doubts
    }
    if edits:
        rewritten = partial(with_edits, document, edits)
        proposal.put(document, rewritten, len(edits), notes=tuple(notes))
