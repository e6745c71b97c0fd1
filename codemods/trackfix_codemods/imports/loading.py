"""What modules do when they are loaded, where that changes with the imports of a file."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.load_effects import LoadEffects
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.replacement import Replacement

_STORES = (b"set_tracking_uri", b"MLFLOW_TRACKING_URI")


def check_loaded(
    names: FileNames,
    moves: Moves,
    leaving: Collection[tuple[Statement, str]],
    replacements: Iterable[Replacement],
) -> None:
    """That no store is chosen by a module that a file loads no more, or did not load so far.

    Raises:
        NotPlain: one is.
    """
    effects = LoadEffects(moves.project, moves.resolver)
    graph = ImportGraph(moves.project)
    sources = {r.truth.path for r in replacements if r.needs_import and r.truth.path}
    before = _all_loaded(graph, graph.imported(names.path))
    gone = Counter(node for node, _ in leaving)
    staying: set[str] = set(sources)
    for node in names.scopes.statement_scopes:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and gone[node] < len(node.names):
            staying |= _files_of(names, graph, node)
    after = _all_loaded(graph, staying)
    for path in sorted(before ^ after):
        if _chooses_store(moves.project, effects, path):
            when = "no more" if path in before else "from now on"
            raise NotPlain(f"{path}, which chooses a store, would be loaded {when}")


def _all_loaded(graph: ImportGraph, paths: Iterable[str]) -> set[str]:
    return {*paths}.union(*map(graph.reachable, paths))


def _files_of(names: FileNames, graph: ImportGraph, node: ast.Import | ast.ImportFrom) -> set[str]:
    """The files that an import statement names, and the packages on the way."""
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    else:
        module = names.target(node)
        if module is None:
            return set()
        modules = [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return set().union(*(graph.files_of(module, names.path) for module in modules))


def _chooses_store(project: Project, effects: LoadEffects, path: str) -> bool:
    """Whether a file that speaks of stores sets something up when it is loaded."""
    data = project.read_if_possible(path)
    return any(word in data for word in _STORES) and effects.line(path) > 0
