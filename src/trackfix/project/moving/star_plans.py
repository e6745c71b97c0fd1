"""What becomes of ``from shim import *``: the home is starred, or what the file takes is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from trackfix.project.files_with_words import files_with
from trackfix.project.moving.star_takers import imported_from, may_take_any, names_taken
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves, Target
from trackfix.project.references.references import FileReferences, FromImport


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
    names -= _left_over(statement, names, references, moves)
    home = moves.only_home(statement.moved, path)
    if home is not None and moves.resolver.star_names(home.module, path) == names:
        return StarPlan(module=home.module)
    facts = moves.project.facts[path]
    if len(facts.stars) > 1:
        return StarPlan("another star import may bind the same names")
    if facts.opaque:
        return StarPlan("the file also makes names at run time")
    taken = names_taken(statement, names, references, moves)
    if (
        facts.is_package
        or _keeps_names_alive(path, moves)
        or (taken and _may_be_for_others(names, references, moves.project))
    ):
        taken = set(names)
    if not taken:
        return StarPlan("nothing is known to use a name that it brings")
    targets: dict[str, Target] = {}
    for name in sorted(taken):
        target = moves.target(statement.moved, name, path)
        if target is None or target.obstacle or not target.name:
            return StarPlan((target.obstacle if target else "") or f"{name} has no home elsewhere")
        targets[name] = target
    return StarPlan(targets=targets)


def _keeps_names_alive(path: str, moves: Moves) -> bool:
    """Whether a file says that it hands on old names, and not which: those who take them may be
    outside of this project."""
    shim = moves.by_key.get(path)
    return shim is not None and shim.deprecated and moves.project.facts[path].exports is None


def _may_be_for_others(names: frozenset[str], references: FileReferences, project: Project) -> bool:
    """Whether a file may have a star import for more than what is known to be taken: it does
    nothing but to import, and does not say which names it is there for, or anybody may take any."""
    facts = project.facts[references.document.path]
    found = (b for bindings in facts.bindings.values() for b in bindings)
    only_imports = all(b.form in ("star", "import", "import-from") for b in found)
    is_used = any(use.name in names for use in references.scopes.uses)
    hands_on = only_imports and not is_used and facts.exports is None
    return hands_on or may_take_any(references.document, project)


def _left_over(
    statement: FromImport, names: frozenset[str], references: FileReferences, moves: Moves
) -> set[str]:
    """The modules of others among the names of a star import that the moved module only imports
    for itself, such as ``warnings`` to say that it is deprecated: nobody takes them from here."""
    project, path = moves.project, references.document.path
    shim = project.find(statement.moved.name, path)
    if shim is None or shim.facts is None or shim.facts.exports is not None:
        return set()
    found = {
        name
        for name in names & shim.facts.bindings.keys()
        if all(b.form == "import" for b in shim.facts.bindings[name])
        and project.find(name, shim.path) is None
    }
    if not found or "*" in imported_from(path, project):
        return set()
    found -= names_taken(statement, names, references, moves)
    return {name for name in found if not any(files_with(project, (f".{name}",)))}
