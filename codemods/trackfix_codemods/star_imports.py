"""``from shim import *``: import from the home what the file takes."""

from __future__ import annotations

from collections.abc import Callable

from trackfix.project.moves import Moves, Target
from trackfix.project.project import Project
from trackfix.project.references import FileReferences, FromImport
from trackfix_codemods.changes import Changes, NewImport
from trackfix_codemods.import_statements import imported
from trackfix_codemods.spelling import Spelling


def star_replacement(
    statement: FromImport,
    references: FileReferences,
    project: Project,
    moves: Moves,
    spelling: Spelling,
    changes: Changes,
) -> tuple[str, Callable[[], None]]:
    """What stands in the way of moving a star import, and what moves it."""
    node, path = statement.node, references.document.path
    relative = node.level > 0

    def nothing() -> None:
        return None

    renamed = moves.module_renames.get(statement.moved.key)
    if renamed is not None:

        def rename() -> None:
            replacement = changes.of(node)
            replacement.gone.add(0)
            replacement.star = spelling.module(renamed, relative=relative)

        return "", rename
    names = moves.resolver.star_names(statement.moved.name, path)
    if names is None:
        return "which names it binds is only known when it runs", nothing
    home = moves.only_home(statement.moved, path)
    if home is not None and moves.resolver.star_names(home.module, path) == names:

        def retarget() -> None:
            replacement = changes.of(node)
            replacement.gone.add(0)
            replacement.star = spelling.module(home.module, relative=relative)

        return "", retarget
    facts = project.facts[path]
    if len(facts.stars) > 1:
        return "another star import may bind the same names", nothing
    if facts.opaque:
        return "the file also makes names at run time", nothing
    taken = _taken(names, references, project, path)
    if not taken:
        return "the file takes no name from it that is known", nothing
    targets: dict[str, Target] = {}
    for name in sorted(taken):
        target = moves.target(statement.moved, name, path)
        if target is None or target.obstacle or not target.name:
            return (target.obstacle if target else "") or f"{name} has no home elsewhere", nothing
        targets[name] = target

    def explicit() -> None:
        replacement = changes.of(node)
        replacement.gone.add(0)
        for name, target in targets.items():
            replacement.new.append(
                NewImport(
                    target.module,
                    spelling.module(target.module, relative=relative),
                    imported(target.name, name),
                )
            )

    return "", explicit


def _taken(
    names: frozenset[str], references: FileReferences, project: Project, path: str
) -> set[str]:
    """The names of a star import that the file uses or hands on."""
    facts = project.facts[path]
    if facts.is_package:
        return set(names)
    scopes = references.scopes
    used = {
        use.name
        for use in scopes.uses
        if use.name in names and scopes.binding_scope(use.name, use.scope) is None
    }
    listed = set(facts.exports.names) & names if facts.exports else set()
    own = {name.rpartition(".")[2] for name in project.names_of(path)}
    elsewhere = {
        name
        for other in project.facts.values()
        for statement in other.imports
        if statement.module.rpartition(".")[2] in own
        for name in statement.names
        if name in names
    }
    return used | listed | elsewhere | (references.document.magic_words & names)
