"""Which files can import a module of the project, and which run code of one."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from trackfix.project.facts.expressions import last_name
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.modules.resolution import Resolver
from trackfix.project.modules.roots import parent_folder, root_of
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_module, is_test_path
from trackfix_codemods.clients.images import Images
from trackfix_codemods.clients.reference import Reference

# Calls that load modules by their names, or once more.
_LOADERS = frozenset({"__import__", "exec_module", "import_module", "reload"})
_BY_NAME = (b"import_module", b"__import__", b"run_path", b"run_module", b"from_file_location")
# What runs before the tests of a class or module.
_SET_UP = frozenset(
    {"setUp", "setUpClass", "setUpModule", "setup_class", "setup_method", "setup_module"}
)


def can_import(resolver: Resolver, graph: ImportGraph, path: str, home: str) -> bool:
    """Whether a file can certainly import another one, its ``home``, when it runs: it is installed
    with it, or imports something that is. It can't if the project has no such file."""
    if not home or path == home:
        return bool(home)
    project = resolver.project
    root = _root(project, home)
    if any(_root(project, other) == root for other in _surely_imported(project, graph, path)):
        return True
    is_beside = parent_folder(path) in (root, *project.packages)
    if not is_beside or _root(project, path) != root:
        return False
    return not resolver.analysis(Images).copy_alone(path)


def _surely_imported(project: Project, graph: ImportGraph, path: str) -> Iterator[str]:
    """The files that the imports of a file name by their root, but for those that it tries: it is
    ready to do without them."""
    facts = project.facts[path]
    bound = (binding for found in facts.bindings.values() for binding in found)
    tried = {binding.line for binding in bound if binding.guard in ("try", "except")}
    for statement in facts.imports:
        top = statement.module.partition(".")[0]
        for other in graph.named_by(statement, path) if statement.line not in tried else ():
            # A script finds what stands beside it by another name.
            if not top or any(n.partition(".")[0] == top for n in project.names_of(other)):
                yield other


def goes_by_another_name(project: Project, path: str, module: str, home: str) -> bool:
    """Whether a file imports by another root than that of a module's name, and by that nothing:
    where one script puts a folder into ``sys.path``, the files in it, as its ``home``, have two
    names."""
    imported = {each.module.partition(".")[0] for each in project.facts[path].imports}
    named = {name.partition(".")[0] for name in project.names_of(home)}
    return module.partition(".")[0] not in imported and not named.isdisjoint(imported)


def _root(project: Project, path: str) -> str | None:
    """The source root that gives a file its name."""
    name = project.primary_name(path)
    return root_of(path, name) if name is not None else None


def runs(project: Project, graph: ImportGraph, path: str, target: str) -> bool:
    """Whether the code of ``target`` may be executed while a patch of ``path`` holds."""
    if not is_test_path(path) or path.endswith("conftest.py"):
        return True
    return any(
        loads(graph, user, target) or _loads_by_name(project, user, target)
        for user in users(project, graph, path)
    )


def _loads_by_name(project: Project, path: str, target: str) -> bool:
    """Whether a test may load a file by ``import_module("name")``, or ``run_path("name.py")``, as
    far as its words tell."""
    stem = target.rpartition("/")[2].rpartition(".")[0]
    last = (project.primary_name(target) or stem).rpartition(".")[2].encode()
    data = project.read(path)
    return bool(last) and last in data and any(word in data for word in _BY_NAME)


def users(project: Project, graph: ImportGraph, path: str) -> Iterator[str]:
    """A file of the tests, and the tests that it may help."""
    yield path
    if is_test_module(path):
        return
    is_for_all = path.endswith("conftest.py")
    for other in filter(is_test_path, project.facts):
        if other != path and (is_for_all or loads(graph, other, path)):
            yield other


def loads_late(project: Project, graph: ImportGraph, patch: Reference, target: str) -> bool:
    """Whether a test may load ``target`` while a patch holds: an import below it does, in the same
    function, or in a test that a fixture patches it for, or the test loads modules in another way
    than by imports."""
    if any(last_name(call.func) in _LOADERS for call in patch.names.document.index.calls):
        return True
    part = patch.part
    if isinstance(part, ast.FunctionDef) and _prepares(part):
        is_for_all = part.name in _SET_UP or b"autouse" in project.read(patch.path)
        return any(
            target not in graph.reachable(path)
            and (is_for_all or part.name.encode() in project.read(path))
            and any(
                target in graph.reachable(loaded)
                for statement in project.facts[path].imports
                if not statement.eager
                for loaded in graph.named_by(statement, path)
            )
            for path in users(project, graph, patch.path)
        )
    end = getattr(part, "end_lineno", sys.maxsize)
    is_module = isinstance(part, ast.Module)
    takes_out = b"sys.modules" in project.read(patch.path)
    if not (is_module or takes_out) and target in graph.reachable(patch.path):
        return False
    return any(
        target in graph.reachable(path)
        for statement in patch.names.facts.imports
        if patch.line < statement.line <= end and statement.eager is is_module
        for path in graph.named_by(statement, patch.path)
    )


def _prepares(part: ast.FunctionDef) -> bool:
    """Whether a function patches for tests that run later."""
    decorators = (d.func if isinstance(d, ast.Call) else d for d in part.decorator_list)
    return part.name in _SET_UP or "fixture" in map(last_name, decorators)


def loads(graph: ImportGraph, path: str, target: str) -> bool:
    """Whether a file imports another one, at its top or in a function, or through others."""
    return path == target or target in graph.used(path)
