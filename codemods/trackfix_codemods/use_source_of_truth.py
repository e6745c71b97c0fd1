"""Call the source of truth where plain steps do by hand what it does."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.replacement import Replacement
from trackfix.project.run_logic.replacing.replacements import Replacements
from trackfix.rewrite.codemod import Proposal, Skipped
from trackfix.source.document import Edit
from trackfix_codemods.calls.api_doubles import ApiDoubles
from trackfix_codemods.clients.reach import can_import
from trackfix_codemods.imports.source_imports import import_edits

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
        doubles = ApiDoubles(project, resolver)
        graph = ImportGraph(project)
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
                    if told := _told_of_doubles(project, doubles, replacement):
                        raise NotPlain(told)
                    home = replacement.truth
                    if replacement.needs_import and not can_import(
                        resolver, graph, path, home.path
                    ):
                        raise NotPlain(f"it may not be able to import {home.module}")
                    if _overlaps(replacement, found.get(path, {}).values()):
                        raise NotPlain("it shares steps with another copy")
                    found.setdefault(path, {})[line] = replacement
                except NotPlain as error:
                    proposal.skipped.append(Skipped(path, line, str(error)))
        for path, replacements in sorted(found.items()):
            _write(moves, graph, path, replacements, proposal)
        proposal.skipped.sort()
        return proposal


def _told_of_doubles(project: Project, doubles: ApiDoubles, replacement: Replacement) -> str:
    """What a test does in the place of what nothing would read there any more, or with methods of
    the client that are called in another way then."""
    names, makers = replacement.names, replacement.makers
    held = (names.of(m.value, names.scope_at(m)) for m in makers if isinstance(m, ast.Attribute))
    homes = [project.find(owner.module, names.path) for owner in held if owner is not None]
    return (
        doubles.of_functions(names.path, makers, [home.path for home in homes if home is not None])
        or doubles.of_owners(names.path, makers)
        or doubles.of_names(names.path, [node.id for node in replacement.lookups])
        or doubles.of_calls(names.path, replacement.asked)
    )


def _overlaps(new: Replacement, known: Iterable[Replacement]) -> bool:
    return any(
        one.start < other.end and other.start < one.end
        for replacement in known
        for one in new.edits
        for other in replacement.edits
    )


def _without_clients(replacements: Iterable[Replacement]) -> Iterator[Replacement]:
    """The replacements of a file, each with the edit of the client that none of them leaves to be
    asked.

    Raises:
        NotPlain: such a client can't be taken away.
    """
    replacements = list(replacements)
    edits = {edit for replacement in replacements for edit in replacement.edits}
    done: set[Edit] = set()
    for replacement in replacements:
        client = replacement.client
        edit = client.edit_without(edits) if client is not None else None
        if client is not None and edit is not None and edit not in done:
            done.add(edit)
            statements = Counter(replacement.statements)
            statements.subtract(client.statements)
            replacement = replacement._replace(
                edits=(*replacement.edits, edit), statements=statements
            )
        yield replacement


def _write(
    moves: Moves,
    graph: ImportGraph,
    path: str,
    replacements: dict[int, Replacement],
    proposal: Proposal,
) -> None:
    """Put the replacements of one file into its text, with the imports that they need."""
    chosen = dict(sorted(replacements.items()))
    names = next(iter(chosen.values())).names
    try:
        chosen = dict(zip(chosen, _without_clients(chosen.values()), strict=True))
        edits = [edit for replacement in chosen.values() for edit in replacement.edits]
        edits += import_edits(names, moves, graph, chosen.values())
    except NotPlain as error:
        proposal.skipped += [Skipped(path, line, str(error)) for line in chosen]
        return
    notes = tuple((line, replacement.message) for line, replacement in chosen.items())
    statements: Counter[str] = Counter()
    for replacement in chosen.values():
        statements.update(replacement.statements)
    document = names.document
    proposal.put(document, lambda: document.with_edits(edits), len(chosen), statements, notes)


CODEMOD = UseSourceOfTruth()
