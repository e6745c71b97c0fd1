"""Move every reference to the module that really defines the name.

What a shim hands on is imported from its home instead, attributes and ``mock.patch`` targets
included. All references that must agree with each other move together or stay together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from trackfix.project.cycles import ImportGraph
from trackfix.project.moves import Moves
from trackfix.project.project import Project
from trackfix.project.references import files_with_references, find_references
from trackfix.rewrite.codemod import NewContent, Proposal, Skipped
from trackfix.source.document import from_bytes
from trackfix.source.errors import SourceError
from trackfix_codemods.file_rewriter import FileRewriter, Item
from trackfix_codemods.import_fallbacks import collapse_equal_fallbacks
from trackfix_codemods.patch_reach import PatchReach


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
        rewriters = []
        for path in files_with_references(project, moves):
            try:
                references = find_references(project.document(path), moves)
            except SourceError as error:
                proposal.skipped.append(Skipped(path, error.line or 1, error.message))
                continue
            if references:
                rewriters.append(FileRewriter(references, project, moves, graph, unsafe=unsafe))
            else:
                project.forget(path)
        for rewriter in rewriters:
            if rewriter.path in held:
                for item in rewriter.items:
                    item.obstacle = item.obstacle or "the file is held back"
        if not unsafe:
            hold_wider_patches(rewriters, moves, PatchReach(project))
        keep_together([item for rewriter in rewriters for item in rewriter.items])
        for rewriter in rewriters:
            self._rewrite(rewriter, proposal)
        proposal.skipped.sort()
        return proposal

    def _rewrite(self, rewriter: FileRewriter, proposal: Proposal) -> None:
        document = rewriter.document
        proposal.skipped.extend(
            Skipped(document.path, item.line, f"{item.what}: {item.obstacle}")
            for item in rewriter.items
            if item.obstacle
        )
        edits = rewriter.edits()
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


def hold_wider_patches(rewriters: Iterable[FileRewriter], moves: Moves, reach: PatchReach) -> None:
    """Give an obstacle to each patch that would reach more in the home than it did in the shim.

    A patch of ``shim.f`` does not reach ``home.g``, which calls ``f``; one of ``home.f`` does. It
    matters where the code that looks ``shim.f`` up takes ``g`` as well.
    """
    found = list(rewriters)
    late: dict[tuple[str, str], list[FileRewriter]] = {}
    for rewriter in found:
        for item in rewriter.items:
            if item.late and not item.obstacle:
                for name in item.names:
                    late.setdefault((item.key, name), []).append(rewriter)
    for rewriter in found:
        for item in rewriter.items:
            if not item.patches or item.obstacle:
                continue
            for name in sorted(item.patched):
                target = moves.target_by_key(item.key, name, rewriter.path)
                if target is None:
                    continue
                users = reach.users(target.module, target.name, rewriter.path)
                for other in late.get((item.key, name), ()) if users else ():
                    shared = sorted(users & other.taken_from(target.module))
                    if shared and other.path != rewriter.path:
                        item.obstacle = (
                            f"patched in {target.module}, {name} would also change for "
                            f"{shared[0]}, which {other.path} uses"
                        )


def keep_together(items: Iterable[Item]) -> None:
    """Give an obstacle to every item that must not move without one that can't.

    A ``mock.patch`` of ``shim.f`` reaches the code that looks ``shim.f`` up when it runs. So the
    patches of a name and its late look-ups all move, or none of them does. An item without
    names is about all names of its module.
    """
    groups: dict[tuple[str, str], list[Item]] = {}
    whole: dict[str, list[Item]] = {}
    for item in items:
        if item.patches or item.late:
            if not item.names:
                whole.setdefault(item.key, []).append(item)
            for name in sorted(item.names):
                groups.setdefault((item.key, name), []).append(item)
    for key in whole:
        groups.setdefault((key, ""), [])
    changed = True
    while changed:
        changed = False
        for (key, _), members in groups.items():
            bound = [*members, *whole.get(key, ())]
            stuck = next((item for item in bound if item.obstacle), None)
            if stuck is None or not (
                any(item.patches for item in bound) and any(item.late for item in bound)
            ):
                continue
            for item in bound:
                if not item.obstacle:
                    item.cause = stuck.cause or stuck
                    item.obstacle = (
                        f"it must move together with {item.cause.path}:{item.cause.line}, "
                        f"which can't: {item.cause.obstacle}"
                    )
                    changed = True


CODEMOD = RewriteImports()
