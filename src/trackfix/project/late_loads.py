"""The files that a test loads while it runs, when its patches may hold already."""

from __future__ import annotations

from trackfix.project.cycles import ImportGraph
from trackfix.project.expressions import last_name
from trackfix.project.facts import is_package
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError

_PATCHES = (b"patch", b"setattr")
Lines = list[int]


def late_loads(graph: ImportGraph, path: str) -> dict[str, Lines]:
    """The files that a file of the tests names in imports in its functions, and nowhere else, with
    the lines of these; where it loads modules again, also those that it imports in any other place,
    without lines."""
    project = graph.project
    data = project.read_if_possible(path)
    if not is_test_path(path) or not any(word in data for word in _PATCHES):
        return {}
    eager, late = set[str](), dict[str, Lines]()
    for statement in project.facts[path].imports:
        for named in graph.named_by(statement, path):
            if statement.eager:
                eager.add(named)
            else:
                late.setdefault(named, []).append(statement.line)
    if b"reload" in data and _reloads(graph, path):
        return {named: [] for named in eager | late.keys()}
    return {named: lines for named, lines in late.items() if named not in eager}


def late_loaders(graph: ImportGraph, path: str) -> dict[str, Lines]:
    """The files of the tests that load a file by its own name while they run, with the lines."""
    facts = graph.project.facts
    naming = facts if is_package(path) else facts.may_import(graph.project.names_of(path))
    loaded = {test: late_loads(graph, test) for test in filter(is_test_path, naming)}
    return {test: late[path] for test, late in loaded.items() if path in late}


def _reloads(graph: ImportGraph, path: str) -> bool:
    try:
        calls = graph.project.document(path).index.calls
    except SourceError:
        return False
    return any(last_name(call.func) == "reload" for call in calls)
