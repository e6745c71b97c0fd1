"""What becomes of ``from shim import *``: the home is starred, or what the file takes is named."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from trackfix.project.facts.expressions import last_name
from trackfix.project.files_with_words import files_with
from trackfix.project.moving.binding_plans import names_attribute
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves, Target
from trackfix.project.references.notebook_runs import NotebookRuns
from trackfix.project.references.references import FileReferences, FromImport
from trackfix.project.test_paths import is_test_path


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
    taken = _taken(names, references, moves) | set(_for_pytest(statement, names, path, moves))
    if facts.is_package or _keeps_names_alive(path, moves):
        taken = set(names)
    if taken and (_only_hands_on(references, moves) or _is_named_in_strings(path, moves.project)):
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


def _only_hands_on(references: FileReferences, moves: Moves) -> bool:
    """Whether a file does nothing but to import, and does not say which names it is there for."""
    facts = moves.project.facts[references.document.path]
    found = (b for bindings in facts.bindings.values() for b in bindings)
    imports = all(b.form in ("star", "import", "import-from") for b in found)
    return imports and facts.exports is None and not references.scopes.uses


def _is_named_in_strings(path: str, project: Project) -> bool:
    """Whether a string names a module, as that of Django's settings does: who loads it by that
    string may take any name."""
    dotted = [name for name in project.names_of(path) if "." in name]
    quoted = {f"{quote}{name}{quote}" for name in dotted for quote in ("'", '"')}
    return bool(quoted) and any(other != path for other in files_with(project, quoted))


def _taken(names: frozenset[str], references: FileReferences, moves: Moves) -> set[str]:
    """The names of a star import that the file uses or hands on."""
    project, path = moves.project, references.document.path
    facts = project.facts[path]
    scopes = references.scopes
    used = {
        use.name
        for use in scopes.uses
        if use.name in names and scopes.binding_scope(use.name, use.scope) is None
    }
    listed = set(facts.exports.names) & names if facts.exports else set()
    elsewhere = set(_imported_from(path, project)) & names
    elsewhere |= set(_attributes_elsewhere(path, names - used - elsewhere, project))
    runs = moves.resolver.analysis(NotebookRuns)
    elsewhere |= {name for name in names if runs.taker(path, name)}
    return used | listed | elsewhere | (references.document.magic_words & names)


def _for_pytest(
    statement: FromImport, names: frozenset[str], path: str, moves: Moves
) -> Iterator[str]:
    """The names that pytest takes from a file by itself: fixtures, hooks, and tests of a test."""
    for name in names:
        if name.startswith("pytest_") or (is_test_path(path) and name.lower().startswith("test")):
            yield name
        else:
            found = moves.resolver.resolve(statement.moved.name, name, path)
            if found.movable and found.path and _is_fixture(found.name, found.path, moves.project):
                yield name


def _is_fixture(name: str, path: str, project: Project) -> bool:
    """Whether a file defines a fixture by a name."""
    if b"fixture" not in project.read_if_possible(path):
        return False
    for node in project.document(path).tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
            decorators = (d.func if isinstance(d, ast.Call) else d for d in node.decorator_list)
            return any(last_name(decorator).endswith("fixture") for decorator in decorators)
    return False


def _imported_from(path: str, project: Project) -> Iterator[str]:
    """What other files may import from a file, as far as its last name tells."""
    own = {name.rpartition(".")[2] for name in project.names_of(path)}
    words = [name.encode() for name in own]
    for _, other in project.facts.where(
        lambda seen: any(module.endswith(word) for module in seen.modules for word in words)
    ):
        for statement in other.imports:
            if statement.module.rpartition(".")[2] in own:
                yield from statement.names


def _attributes_elsewhere(path: str, names: frozenset[str], project: Project) -> Iterator[str]:
    """The names that other files may take as attributes of a file: ``consumer.name``, also in the
    target of a patch."""
    for module in {name.rpartition(".")[2] for name in project.names_of(path)} - {""}:
        for other in project.facts.holding([module.encode()]) - {path}:
            data = project.read_if_possible(other)
            named = (name for name in names if name.encode() in data)
            yield from (name for name in named if names_attribute(data, module, name))


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
    if not found or "*" in _imported_from(path, project):
        return set()
    found -= _taken(names, references, moves)
    return {name for name in found if not any(files_with(project, (f".{name}",)))}
