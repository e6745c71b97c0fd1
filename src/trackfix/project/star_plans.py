"""What becomes of ``from shim import *``: the home is starred, or what the file takes is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trackfix.project.moves import Moves, Target
from trackfix.project.references import FileReferences, FromImport


@dataclass(frozen=True, slots=True)
class StarPlan:
    """``module`` is to be starred instead, or ``targets`` are to be imported under these names.
    With an ``obstacle`` the statement stays."""

    obstacle: str = ""
    module: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)


def plan_star(statement: FromImport, references: FileReferences, moves: Moves) -> StarPlan:
    """What becomes of one star import."""
    path = references.document.path
    renamed = moves.module_renames.get(statement.moved.key)
    if renamed is not None:
        return StarPlan(module=renamed)
    names = moves.resolver.star_names(statement.moved.name, path)
    if names is None:
        return StarPlan("which names it binds is only known when it runs")
    home = moves.only_home(statement.moved, path)
    if home is not None and moves.resolver.star_names(home.module, path) == names:
        return StarPlan(module=home.module)
    facts = moves.project.facts[path]
    if len(facts.stars) > 1:
        return StarPlan("another star import may bind the same names")
    if facts.opaque:
        return StarPlan("the file also makes names at run time")
    taken = _taken(names, references, moves)
    if not taken:
        return StarPlan("nothing is known to use a name that it brings")
    targets: dict[str, Target] = {}
    for name in sorted(taken):
        target = moves.target(statement.moved, name, path)
        if target is None or target.obstacle or not target.name:
            return StarPlan((target.obstacle if target else "") or f"{name} has no home elsewhere")
        targets[name] = target
    return StarPlan(targets=targets)


def _taken(names: frozenset[str], references: FileReferences, moves: Moves) -> set[str]:
    """The names of a star import that the file uses or hands on."""
    project, path = moves.project, references.document.path
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
    words = [name.encode() for name in own]
    elsewhere = {
        name
        for _, other in project.facts.where(
            lambda seen: any(module.endswith(word) for module in seen.modules for word in words)
        )
        for statement in other.imports
        if statement.module.rpartition(".")[2] in own
        for name in statement.names
        if name in names
    }
    return used | listed | elsewhere | (references.document.magic_words & names)
