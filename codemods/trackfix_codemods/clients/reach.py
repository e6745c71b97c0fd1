"""Which files can import a module of the project, and which run code of one."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from trackfix.project.facts.expressions import last_name
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.modules.roots import parent_folder
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_path
from trackfix_codemods.clients.reference import Reference

# Calls that load modules by their names, or once more.
_LOADERS = frozenset({"__import__", "exec_module", "import_module", "reload"})
_BY_NAME = (b"import_module", b"__import__", b"run_path", b"run_module", b"from_file_location")
# Files that say what an image is made of, their lines that copy files, and the modules in them.
_IMAGE = re.compile(r"(^|[/.])(docker|container)file[^/]*$", re.IGNORECASE)
_CONTINUED = re.compile(r"\\\r?\n")
_COPY = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(.+)$", re.IGNORECASE | re.MULTILINE)
_COPIED = re.compile(r"[\w./-]+\.py\b")
# What runs before the tests of a class or module.
_SET_UP = frozenset(
    {"setUp", "setUpClass", "setUpModule", "setup_class", "setup_method", "setup_module"}
)


def can_import(project: Project, graph: ImportGraph, path: str, home: str) -> bool:
    """Whether a file can certainly import another one, its ``home``, when it runs: it is installed
    with it, or imports something that is. It can't if the project has no such file."""
    if not home or path == home:
        return bool(home)
    root = _root(project, home)
    if any(_root(project, other) == root for other in _surely_imported(project, graph, path)):
        return True
    is_beside = parent_folder(path) in (root, *project.packages)
    return is_beside and _root(project, path) == root and not _is_copied_alone(project, path)


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


def _is_copied_alone(project: Project, path: str) -> bool:
    """Whether an image gets a file without the package around it: ``COPY pkg/job.py /app/``.

    https://docs.docker.com/reference/dockerfile/#copy
    """
    for image in project.text_files:
        if not _IMAGE.search(image):
            continue
        text = _CONTINUED.sub(" ", project.read(image).decode("utf-8", "replace"))
        for line in _COPY.findall(text):
            for name in _COPIED.findall(line.replace("./", "")):
                # The build's folder is not told: the project's, or one further down.
                is_meant = "/" in name or parent_folder(image) == parent_folder(path)
                if is_meant and f"/{path}".endswith(f"/{name}"):
                    return True
    return False


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
    if name is None:
        return None
    inner = path.rpartition(".")[0].removesuffix("/__init__")
    return inner[: -len(name)].rstrip("/")


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
    if _is_test_module(path):
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


def _is_test_module(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py")


def loads(graph: ImportGraph, path: str, target: str) -> bool:
    """Whether a file imports another one, at its top or in a function, or through others."""
    return path == target or target in graph.used(path)
