"""Remove the shims that nothing in the repository refers to any more.

An import, a string, or a text file that names a shim keeps it; what keeps it is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from trackfix.project.mentions import find_mentions
from trackfix.project.moves import Moves
from trackfix.project.project import Project
from trackfix.project.references import files_with_references, find_references
from trackfix.rewrite.codemod import NewContent, Proposal, Skipped
from trackfix.source.errors import SourceError

_SEARCHES = re.compile(rb"\b(?:iter_modules|walk_packages)\(|\.r?glob\([^)\n]*\*\.py|\blistdir\(__")


@dataclass(frozen=True, slots=True)
class _Reason:
    """A place that refers to a shim."""

    path: str
    line: int
    text: str


_LISTED = 5


@dataclass(frozen=True, slots=True)
class RemoveShims:
    """The codemod ``remove-shims``."""

    name: str = "remove-shims"
    summary: str = "remove the shims that nothing refers to any more"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: frozenset[str]
    ) -> Proposal:
        """The project without the shims that can go."""
        proposal = Proposal()
        reasons = _reasons(project, moves)
        candidates = {
            key
            for key, entry in moves.by_key.items()
            if not entry.virtual
            and key not in held
            and not _is_kept(entry.module, project)
            and (entry.deprecated or entry.is_configured or key in moves.used)
        }
        removed = set(candidates)
        changed = True
        while changed:
            changed = False
            for key in sorted(removed):
                if _standing(key, reasons, removed) or _holds_others(key, project, removed):
                    removed.discard(key)
                    changed = True
        for key in sorted(candidates - removed):
            standing = _standing(key, reasons, removed)
            for reason in standing[:_LISTED]:
                proposal.skipped.append(
                    Skipped(key, 1, f"kept: {reason.path}:{reason.line} {reason.text}")
                )
            if len(standing) > _LISTED:
                more = len(standing) - _LISTED
                proposal.skipped.append(Skipped(key, 1, f"kept: {more} more places name it"))
            if not standing:
                proposal.skipped.append(Skipped(key, 1, "kept: its package holds other modules"))
        for path in sorted(removed | set(_emptied(project, removed))):
            proposal.files[path] = NewContent(None, 1)
            stub = str(PurePosixPath(path).with_suffix(".pyi"))
            if stub in project.facts:
                proposal.files[stub] = NewContent(None, 1)
        for key, entry in moves.by_key.items():
            if entry.virtual and not _standing(key, reasons, removed):
                proposal.skipped.append(
                    Skipped(
                        entry.path,
                        entry.line,
                        f"the entry {entry.module} of sys.modules has no user",
                    )
                )
        return proposal


def _is_kept(module: str, project: Project) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in project.config.keep)


def _standing(key: str, reasons: dict[str, list[_Reason]], removed: set[str]) -> list[_Reason]:
    return [r for r in reasons.get(key, ()) if r.path not in removed]


def _reasons(project: Project, moves: Moves) -> dict[str, list[_Reason]]:
    """For each shim what refers to it, itself left out."""
    found: dict[str, list[_Reason]] = {}

    def note(key: str, offset: int, text: str) -> None:
        if path != key:
            line, _ = document.place(offset)
            found.setdefault(key, []).append(_Reason(path, line, text))

    for path in files_with_references(project, moves):
        try:
            document = project.document(path)
            references = find_references(document, moves)
        except SourceError:
            continue
        for statement in references.from_imports:
            note(statement.moved.key, document.span(statement.node)[0], "imports from it")
        for binding in references.bindings:
            for node, _ in binding.statements:
                note(binding.moved.key, document.span(node)[0], "imports it")
            for use in binding.uses:
                note(binding.moved.key, use.use.start, f"uses {use.attribute or 'it'}")
        for string in references.strings:
            note(string.moved.key, document.span(string.node)[0], "names it in a string")
        for doc in references.docs:
            note(doc.moved.key, doc.start, "names it in a docstring")
        project.forget(path)
    for path, facts in project.facts.items():
        if facts.is_package and facts.exports is not None:
            package = project.primary_name(path) or ""
            for name in facts.exports.names:
                moved = moves.find(f"{package}.{name}", path)
                if moved is not None and name not in facts.bindings:
                    found.setdefault(moved.key, []).append(_Reason(path, 1, "lists it in __all__"))
    for key, path in _discovered(project, moves):
        found.setdefault(key, []).append(_Reason(path, 1, "imports all modules of its folder"))
    for mention in find_mentions(project, moves):
        if mention.blocks:
            text = f"mentions it: {mention.text[:80]}"
            found.setdefault(mention.key, []).append(_Reason(mention.path, mention.line, text))
    return found


def _discovered(project: Project, moves: Moves) -> Iterator[tuple[str, str]]:
    """Shims in a folder whose modules a file in it looks for when it runs, and that file."""
    folders = {key.rpartition("/")[0] for key, entry in moves.by_key.items() if not entry.virtual}
    for path in project.facts:
        if path.rpartition("/")[0] in folders and _SEARCHES.search(project.read(path)):
            for key in moves.by_key:
                if key != path and key.rpartition("/")[0] == path.rpartition("/")[0]:
                    yield key, path


def _holds_others(key: str, project: Project, removed: set[str]) -> bool:
    """Whether a package's ``__init__`` must stay because of modules below it."""
    if not project.facts[key].is_package:
        return False
    folder = str(PurePosixPath(key).parent)
    return any(
        _below(path, folder) and path not in removed and path != key for path in _all_files(project)
    )


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
        empty = not (facts.bindings or facts.imports or facts.effects or facts.aliases)
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
