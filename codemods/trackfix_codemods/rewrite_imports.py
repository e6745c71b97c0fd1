"""Move every reference to the module that really defines the name.

What a shim hands on is imported from its home instead, attributes and ``mock.patch`` targets
included. All references that must agree with each other move together or stay together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.moving.agreement import agree, tell_doubts
from trackfix.project.moving.movable import FileItems
from trackfix.project.project import Project
from trackfix.project.references.finder import files_with_references, find_references
from trackfix.project.references.moves import Moves
from trackfix.rewrite.codemod import Proposal, Skipped
from trackfix.source.errors import SourceError
from trackfix_codemods.imports.rewriter import propose_edits


@dataclass(frozen=True, slots=True)
class RewriteImports:
    """The codemod ``rewrite-imports``."""

    name: str = "rewrite-imports"
    summary: str = "move every reference through a shim to the module that defines the name"
    on_request: bool = False

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with every provable reference moved."""
        proposal = Proposal()
        graph = ImportGraph(project)
        files = []
        for path in files_with_references(moves):
            try:
                references = find_references(project.document(path), moves)
            except SourceError as error:
                proposal.skipped.append(Skipped(path, error.line or 1, error.message))
                continue
            if references:
                files.append(FileItems(references, moves, graph, unsafe=unsafe))
        for file in files:
            if file.path in held:
                for item in file.items:
                    item.obstacle = item.obstacle or f"the file is held back: {held[file.path]}"
        agree(files, moves, unsafe=unsafe)
        if unsafe:
            tell_doubts(files, moves)
        for file in files:
            propose_edits(file, proposal)
        proposal.skipped.sort()
        return proposal


CODEMOD = RewriteImports()
