"""What modules do when they are loaded, where that changes with the imports of a file."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.mlflow_uses.mlflow_import import is_of_mlflow
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.replacement import Replacement
from trackfix.project.run_order.files import OrderFiles
from trackfix.project.run_order.import_effects import ImportEffects
from trackfix.project.run_order.may_setup import MaySetUp
from trackfix_codemods.clients.guards import catches_import_errors


def check_loaded(
    names: FileNames,
    graph: ImportGraph,
    leaving: Collection[tuple[Statement, str]],
    replacements: Iterable[Replacement],
) -> None:
    """That no module sets MLflow up that a file loads no more, or did not load so far; nor needs
    MLflow, where the file does without it.

    Raises:
        NotPlain: one does.
    """
    effects = names.meanings.resolver.analysis(_import_effects)
    sources = {r.truth.path for r in replacements if r.needs_import and r.truth.path}
    before = _all_loaded(graph, graph.imported(names.path))
    gone = Counter(node for node, _ in leaving)
    staying: set[str] = set(sources)
    for node in names.scopes.statement_scopes:
        if isinstance(node, (ast.Import, ast.ImportFrom)) and gone[node] < len(node.names):
            staying |= _files_of(names, graph, node)
    after = _all_loaded(graph, staying)
    for path in sorted(before ^ after):
        if effects.sets_up_itself(path):
            when = "no more" if path in before else "from now on"
            raise NotPlain(f"{path}, which sets MLflow up, would be loaded {when}")
    tried = [node for node in names.document.tree.body if _provides_for_none(node)]
    for path in sorted(after - before) if tried else ():
        loaded = names.meanings.file(path)
        if loaded is not None and any(map(_imports_mlflow, loaded.document.tree.body)):
            line = names.line(tried[0])
            raise NotPlain(f"line {line} provides for an MLflow that is missing, {path} does not")


def _provides_for_none(node: ast.stmt) -> bool:
    """``try: import mlflow``, ``except ImportError``."""
    if not isinstance(node, ast.Try) or not catches_import_errors(node):
        return False
    return any(map(_imports_mlflow, node.body))


def _imports_mlflow(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom)) and is_of_mlflow(node)


def _import_effects(project: Project, resolver: Resolver) -> ImportEffects:
    files = resolver.analysis(OrderFiles)
    return ImportEffects(project, files, MaySetUp(project, resolver))


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
