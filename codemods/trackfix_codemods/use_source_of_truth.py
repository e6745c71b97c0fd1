"""Call the source of truth where plain steps do by hand what it does."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trackfix.project.client_names import FileNames
from trackfix.project.moves import Moves
from trackfix.project.project import Project, absolute
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.run_logic.plain_shapes import NotPlain
from trackfix.project.run_logic.replacements import Replacement, Replacements
from trackfix.rewrite.codemod import NewContent, Proposal, Skipped
from trackfix.source.document import Edit
from trackfix.source.errors import SourceError
from trackfix_codemods.changes import Changes, NewImport
from trackfix_codemods.import_blocks import ImportEditor
from trackfix_codemods.import_layout import ImportLayout
from trackfix_codemods.imported_name import imported
from trackfix_codemods.spelling import Spelling

_NOT_SAFE = "unsafe: what happens when nothing is found may change"


@dataclass(frozen=True, slots=True)
class UseSourceOfTruth:
    """The codemod ``use-source-of-truth``."""

    name: str = "use-source-of-truth"
    summary: str = "call the source of truth where plain steps do by hand what it does"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with each copy that is nothing but plain steps made a call."""
        proposal = Proposal()
        resolver = moves.resolver
        duplicates = resolver.analysis(Duplicates)
        judge = Replacements(project, resolver)
        found: dict[str, dict[int, Replacement]] = {}
        for group in duplicates.groups:
            for copy in group.copies:
                path, line = copy.fragment.path, copy.fragment.line
                try:
                    replacement = judge.of(copy)
                    if path in held:
                        raise NotPlain(f"the file is held back: {held[path]}")
                    if not unsafe:
                        raise NotPlain(_NOT_SAFE)
                    if _overlaps(replacement, found.get(path, {}).values()):
                        raise NotPlain("it shares steps with another copy")
                    found.setdefault(path, {})[line] = replacement
                except NotPlain as error:
                    proposal.skipped.append(Skipped(path, line, str(error)))
        for path, replacements in sorted(found.items()):
            _write(project, path, replacements, proposal)
        proposal.skipped.sort()
        return proposal


def _overlaps(new: Replacement, known: Iterable[Replacement]) -> bool:
    return any(
        one.start < other.end and other.start < one.end
        for replacement in known
        for one in new.edits
        for other in replacement.edits
    )


def _write(
    project: Project, path: str, replacements: dict[int, Replacement], proposal: Proposal
) -> None:
    """Put the replacements of one file into its text, with the imports that they need."""
    chosen = dict(sorted(replacements.items()))
    names = next(iter(chosen.values())).names
    edits = [edit for replacement in chosen.values() for edit in replacement.edits]
    wanted = {r.truth.home: r for r in chosen.values() if r.needs_import}
    new = [_new_import(names, replacement) for _, replacement in sorted(wanted.items())]
    place = _place(names, project, new, min(edit.start for edit in edits)) if new else None
    if new and place is None:
        for line in chosen:
            proposal.skipped.append(Skipped(path, line, "no import at the top comes before it"))
        return
    try:
        data = names.document.with_edits([*edits, *(place or [])])
    except SourceError as error:
        proposal.failed[path] = error.message
        return
    notes = tuple((line, replacement.message) for line, replacement in chosen.items())
    statements: Counter[str] = Counter()
    for replacement in chosen.values():
        statements.update(replacement.statements)
    proposal.files[path] = NewContent(data, len(chosen), statements, notes)


def _new_import(names: FileNames, replacement: Replacement) -> NewImport:
    """The import of a source of truth, relative where the file has only such of its package."""
    module, name = replacement.truth.module, replacement.truth.name
    top = names.package.partition(".")[0]
    written = [s.module for s in names.facts.imports if s.module.partition(".")[0] in ("", top)]
    relative = bool(written) and all(text.startswith(".") for text in written)
    spelled = Spelling(names.package).module(module, relative=relative)
    return NewImport(module, spelled, imported(name, name))


def _place(names: FileNames, project: Project, new: list[NewImport], use: int) -> list[Edit] | None:
    """The edits that add imports beside those at the top, best those of the same section; None
    when there are none."""
    document = names.document
    layout = ImportLayout(
        document, names.parents, lambda top: project.find(top, names.path) is not None
    )
    leading = []
    for node in document.tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        if isinstance(node, (ast.Import, ast.ImportFrom)) and document.span(node)[1] < use:
            leading.append(node)
    if not leading:
        return None
    changes = Changes()
    for item in new:
        section = layout.section(item.module)
        same = [node for node in leading if layout.section(layout.line_of(node).module) == section]
        changes.of((same or leading)[-1]).new.append(item)
    config = project.config
    editor = ImportEditor(
        layout,
        config.line_length,
        lambda written: absolute(written, names.package),
        combine_as=config.combine_as,
    )
    return [*changes.edits, *editor.edits(list(changes.replacements.values()))]


CODEMOD = UseSourceOfTruth()
