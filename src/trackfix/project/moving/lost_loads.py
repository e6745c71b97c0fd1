"""Imports that load more than what is taken from them, and that would be missed after a move."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from trackfix.project.facts.expressions import call_name, string_value
from trackfix.project.loading.load_effects import LoadEffects
from trackfix.project.meaning.scopes import Scopes, Use
from trackfix.project.moving.binding_plans import BindingPlan
from trackfix.project.references.docstrings import DocReference
from trackfix.project.references.moves import Moves, Target

if TYPE_CHECKING:
    from trackfix.project.loading.cycles import ImportGraph
    from trackfix.project.moving.movable import FileItems, Item


def hold_lost_loads(files: Sequence[FileItems], moves: Moves) -> None:
    """Give an obstacle to the references without which a file would no longer load what a module
    does that it took nothing from: ``old.py`` imports two modules, one enters its plugins into a
    registry, and who only takes names of the other one counts on that."""
    for file in files:
        keys = {item.key for item in file.items} & moves.by_key.keys()
        counted_on = _counted_on(file, moves) if keys else {}
        for key in keys:
            items = [item for item in file.items if item.key == key and _loads(item)]
            if not items or any(item.obstacle for item in items):
                continue  # what stays goes on to load all of it
            lost = _lost(file, key, items, moves, counted_on)
            for item in items if lost else ():
                item.obstacle = lost


def may_lose_loads(file: FileItems, moves: Moves) -> bool:
    """Whether a reference of a file may be such a one."""
    keys = {item.key for item in file.items}
    return any(_effects(key, file.graph, moves) for key in keys) or bool(_counted_on(file, moves))


def _loads(item: Item) -> bool:
    return not isinstance(item.subject, DocReference)


def _lost(
    file: FileItems,
    key: str,
    items: Iterable[Item],
    moves: Moves,
    counted_on: Mapping[str, int],
) -> str:
    """What would be lost if all references to a module moved; empty for nothing."""
    effects = _effects(key, file.graph, moves)
    if not (effects or counted_on):
        return ""
    homes: set[str] = set()
    for item in items:
        found = _homes(item)
        if found is None:
            return ""
        homes |= found
    after = _LoadedAfter(file, moves.by_key[key].path, homes)
    for path, line in sorted(effects.items()):
        if path not in after:
            return f"it also loads {path}, which does more than to define names (line {line})"
    reached = _loaded_with(moves.by_key[key].path, file.graph) if counted_on else ()
    for path, line in sorted(counted_on.items()):
        if path in reached and path not in after:
            return f"it also loads {path}, which line {line} takes from its package"
    return ""


def _loaded_with(path: str, graph: ImportGraph) -> frozenset[str]:
    """All files that an import of a module loads, those that its packages load among them. The
    packages themselves are nothing that a file misses which goes on without the module."""
    around = graph.around(path)
    return frozenset().union(*map(graph.reachable, (path, *around))) - around


def _effects(key: str, graph: ImportGraph, moves: Moves) -> dict[str, int]:
    """The files that a moved module loads which do something by that, each with the line."""
    entry = moves.by_key.get(key)
    if entry is None or entry.virtual:
        return {}
    effects = moves.resolver.analysis(LoadEffects)
    # A moved module does nothing but to hand on names.
    loaded = (graph.loads(entry.path) | graph.around(entry.path)) - moves.by_key.keys()
    return {path: line for path in loaded if (line := effects.line(path))}


def _counted_on(file: FileItems, moves: Moves) -> dict[str, int]:
    """The modules that a file takes from their packages without an import of its own, each with
    the line: ``import lib`` and then ``lib.helpers.f()``. Something else has to load them.

    https://docs.python.org/3/reference/import.html#submodules
    """
    found: dict[str, int] = {}
    own: set[str] | None = None
    for use in file.references.scopes.uses:
        names = [*use.attributes, *_asked_for(use)]
        if not names or use.quoted or not _is_package(use, file.references.scopes):
            continue
        module = use.name
        for name in names:
            module = f"{module}.{name}"
            inner = file.project.find(module, file.path)
            if inner is None or not inner.path:
                break
            if own is None:
                own = file.graph.imported(file.path)
            if inner.path not in own and inner.path not in moves.by_key:
                found.setdefault(inner.path, file.document.place(use.start)[0])
    return found


def _asked_for(use: Use) -> list[str]:
    """The name that ``getattr(package, "module")`` takes."""
    call = use.parent
    if call_name(call) != "getattr" or not isinstance(call, ast.Call):
        return []
    outer = use.chain[-1] if use.chain else use.node
    if len(call.args) != 2 or call.args[0] is not outer:
        return []
    name = string_value(call.args[1])
    return [name] if name else []


def _is_package(use: Use, scopes: Scopes) -> bool:
    """Whether a name is bound by nothing but imports such as ``import package.module``."""
    scope = scopes.binding_scope(use.name, use.scope)
    bound = scope.bindings.get(use.name, ()) if scope is not None else ()
    return bool(bound) and all(
        isinstance(node, ast.Import)
        and any(a.asname is None and a.name.partition(".")[0] == use.name for a in node.names)
        for node in bound
    )


def _homes(item: Item) -> set[str] | None:
    """The modules that a reference belongs to; None if it names all that there is."""
    plan = item.plan
    if isinstance(plan, Target):
        return {plan.module}
    if isinstance(plan, BindingPlan):
        return {plan.home, *(use.target.module for use in plan.moved)} - {""}
    return None


class _LoadedAfter:
    """The files that are loaded with a file once it takes from the ``homes`` what it took from the
    ``moved`` file. As most are found at once, no more are looked for than are asked for."""

    def __init__(self, file: FileItems, moved: str, homes: Iterable[str]) -> None:
        self._graph, self._moved = file.graph, moved
        named = [
            file.graph.named_by(statement, file.path)
            for statement in file.project.facts[file.path].imports
            if statement.eager
        ]
        first = {other for others in named if moved not in others for other in others}
        first.update(*(file.graph.files_of(home, file.path) for home in homes))
        first |= file.graph.around(file.path)
        self._waiting = deque(sorted(first - {file.path, moved}))
        self._loaded = {file.path, *self._waiting}

    def __contains__(self, path: str) -> bool:
        while path not in self._loaded and self._waiting:
            found = self._graph.loads(self._waiting.popleft()) - self._loaded - {self._moved}
            self._loaded |= found
            self._waiting += sorted(found)
        return path in self._loaded
