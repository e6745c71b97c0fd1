"""Circular imports that work by the order of imports only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from trackfix.project.loading.cycles import ImportGraph


def works_by_order(
    graph: ImportGraph, importer: str, before: Iterable[str], after: Iterable[str]
) -> bool:
    """Whether a circular import may work in the order ``before`` only. Both are what the eager
    imports of ``importer`` load: dotted names, the last part of which may be no module.

    What comes back to ``importer`` finds there the names that were imported before. A cycle of
    others is entered by the first import that loads a part of it.
    """
    orders = [_modules(graph, importer, names) for names in (before, after)]
    loaded = {name: _loaded(graph, importer, name) for order in orders for name in order}
    if any(
        importer in files and _above(name, orders[0]) != _above(name, orders[1])
        for name, files in loaded.items()
    ):
        return True
    entries = [_entries(graph, order, loaded) for order in orders]
    return entries[0] != entries[1]


def _modules(graph: ImportGraph, importer: str, names: Iterable[str]) -> list[str]:
    """The modules of the project among what is loaded, each where it comes first."""
    found = (name if graph.files_of(name, importer) else name.rpartition(".")[0] for name in names)
    return [name for name in dict.fromkeys(found) if graph.files_of(name, importer)]


def _loaded(graph: ImportGraph, importer: str, module: str) -> frozenset[str]:
    """All files that an import of a module loads, but for those that are there already."""
    files = graph.files_of(module, importer) - graph.around(importer) - {importer}
    return frozenset(files).union(*map(graph.read_by, files))


def _above(name: str, names: Sequence[str]) -> set[str]:
    return set(names[: names.index(name)]) if name in names else set(names)


def _entries(
    graph: ImportGraph, names: Sequence[str], loaded: dict[str, frozenset[str]]
) -> dict[str, str]:
    """For each file that is part of a cycle the module that loads it first."""
    entries: dict[str, str] = {}
    for name in names:
        for path in loaded[name]:
            if path not in entries and path in graph.read_by(path):
                entries[path] = name
    return entries
