"""Remove the shims that nothing in the repository refers to any more.

An import, a string, or a text file that names a shim keeps it; what keeps it is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from trackfix.project.project import Project
from trackfix.project.references.finder import files_with_references, find_references
from trackfix.project.references.moves import Moves
from trackfix.project.references.neighbours import named_by_neighbours
from trackfix.project.shims.users import (
    Reason,
    Reasons,
    code_reasons,
    may_go,
    other_reasons,
    removable,
    runs_as_script,
    standing,
)
from trackfix.rewrite.codemod import NewContent, Proposal, Skipped
from trackfix.source.errors import SourceError

# So many reasons are listed for each shim; one more takes no more lines than to say so.
_LISTED = 5


@dataclass(frozen=True, slots=True)
class RemoveShims:
    """The codemod ``remove-shims``."""

    name: str = "remove-shims"
    summary: str = "remove the shims that nothing refers to any more"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project without the shims that can go."""
        proposal = Proposal()
        reasons = _reasons(project, moves)
        candidates = may_go(project, moves) - held.keys()
        removed = removable(candidates, reasons, project)
        for key in sorted(candidates - removed):
            found = standing(key, reasons, removed)
            shown = found if len(found) == _LISTED + 1 else found[:_LISTED]
            told = sorted(f"{reason.path}:{reason.line} {reason.text}" for reason in shown)
            if len(shown) < len(found):
                told[-1] += f"; {len(found) - len(shown)} more places name it"
            if runs_as_script(key, project):
                told.append("it has a part that runs as a script")
            elif not found:
                told.append("its package holds other modules")
            proposal.skipped += [Skipped(key, 1, f"kept: {reason}") for reason in told]
        for path in sorted(removed | set(_emptied(project, removed))):
            proposal.files[path] = NewContent(None, 1)
            stub = str(PurePosixPath(path).with_suffix(".pyi"))
            if stub in project.facts:
                proposal.files[stub] = NewContent(None, 1)
        for key, entry in moves.by_key.items():
            if entry.virtual and not standing(key, reasons, removed):
                proposal.skipped.append(
                    Skipped(
                        entry.path,
                        entry.line,
                        f"the entry {entry.module} of sys.modules has no user",
                    )
                )
        return proposal


def _reasons(project: Project, moves: Moves) -> Reasons:
    """For each shim what refers to it, itself left out."""
    found: Reasons = {}
    for path in files_with_references(moves):
        try:
            references = find_references(project.document(path), moves)
        except SourceError:
            continue
        for key, reason in code_reasons(references):
            if path != key:
                found.setdefault(key, []).append(reason)
    for key, reason in other_reasons(project, moves):
        found.setdefault(key, []).append(reason)
    for key, path, line in named_by_neighbours(project, moves):
        found.setdefault(key, []).append(Reason(path, line, "mentions it, outside of the project"))
    return found


def _emptied(project: Project, removed: set[str]) -> Iterator[str]:
    """The empty ``__init__`` files of packages whose last module goes."""
    gone = set(removed)
    packages = sorted(
        (path for path, facts in project.facts.items() if facts.is_package and path not in gone),
        key=lambda path: -path.count("/"),
    )
    for path in packages:
        facts = project.facts[path]
        folder = str(PurePosixPath(path).parent)
        inside = [other for other in _all_files(project) if _below(other, folder) and other != path]
        if not inside or any(other not in gone for other in inside):
            continue
        does = facts.effects or facts.has_main_guard
        empty = not (facts.bindings or facts.imports or does or facts.aliases)
        if empty and not _is_named(project, path, gone):
            gone.add(path)
            yield path


def _is_named(project: Project, path: str, gone: set[str]) -> bool:
    """Whether a file that stays names the package."""
    names = [name.encode() for name in project.names_of(path)]
    for other in _all_files(project):
        if other in gone or other == path:
            continue
        try:
            data = project.read(other)
        except SourceError:
            continue
        if any(name in data for name in names if b"." in name) or (
            any(b"." not in name and name in data for name in names)
        ):
            return True
    return False


def _all_files(project: Project) -> Iterator[str]:
    yield from project.facts
    yield from project.text_files


def _below(path: str, folder: str) -> bool:
    return path.startswith(f"{folder}/")


CODEMOD = RemoveShims()
