"""The files that a test loads while it runs, when its patches may hold already."""

from __future__ import annotations

from trackfix.project.cycles import ImportGraph
from trackfix.project.expressions import last_name
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError

_PATCHES = (b"patch", b"setattr")


def late_loads(graph: ImportGraph, path: str) -> set[str]:
    """The files that a file of the tests names in imports in its functions, and nowhere else; where
    it loads modules again, also those that it imports in any other place."""
    project = graph.project
    data = project.read_if_possible(path)
    if not is_test_path(path) or not any(word in data for word in _PATCHES):
        return set()
    eager, late = set[str](), set[str]()
    for statement in project.facts[path].imports:
        (eager if statement.eager else late).update(graph.named_by(statement, path))
    return late | eager if b"reload" in data and _reloads(graph, path) else late - eager


def _reloads(graph: ImportGraph, path: str) -> bool:
    try:
        calls = graph.project.document(path).index.calls
    except SourceError:
        return False
    return any(last_name(call.func) == "reload" for call in calls)
