"""Move every reference to the module that really defines the name.

What a shim hands on is imported from its home instead, attributes and ``mock.patch`` targets
included. All references that must agree with each other move together or stay together.
"""

from __future__ import annotations

from dataclasses import dataclass

from trackfix.project.cycles import ImportGraph
from trackfix.project.movable import FileItems, agree
from trackfix.project.moves import Moves
from trackfix.project.project import Project
from trackfix.project.references import files_with_references, find_references
from trackfix.rewrite.codemod import NewContent, Proposal, Skipped
from trackfix.source.document import from_bytes
from trackfix.source.errors import SourceError
from trackfix_codemods.file_rewriter import FileRewriter
from trackfix_codemods.import_fallbacks import collapse_equal_fallbacks


@dataclass(frozen=True, slots=True)
class RewriteImports:
    """The codemod ``rewrite-imports``."""

    name: str = "rewrite-imports"
    summary: str = "move every reference through a shim to the module that defines the name"
    on_request: bool = False

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: frozenset[str]
    ) -> Proposal:
        """The project with every provable reference moved."""
        proposal = Proposal()
        graph = ImportGraph(project)
        files = []
        for path in files_with_references(project, moves):
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
                    item.obstacle = item.obstacle or "the file is held back"
        agree(files, moves, unsafe=unsafe)
        for file in files:
            self._rewrite(file, proposal)
        proposal.skipped.sort()
        return proposal

    def _rewrite(self, file: FileItems, proposal: Proposal) -> None:
        document = file.document
        proposal.skipped.extend(
            Skipped(document.path, item.line, f"{item.what}: {item.obstacle}")
            for item in file.items
            if item.obstacle
        )
        edits = FileRewriter(file).edits()
        if not edits:
            return
        try:
            data = document.with_edits(edits)
            data = collapse_equal_fallbacks(document, from_bytes(document.path, data))
        except SourceError as error:
            proposal.failed[document.path] = error.message
            return
        if data != document.data:
            proposal.files[document.path] = NewContent(data, len(edits))


CODEMOD = RewriteImports()
