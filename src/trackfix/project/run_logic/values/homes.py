"""Where a name is defined that a file takes from another module."""

from __future__ import annotations

from trackfix.project.facts.module_facts import is_package
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project, absolute


def absolute_name(project: Project, path: str, written: str) -> str:
    """The name of a module as a file writes it, without leading dots."""
    own = project.primary_name(path) or ""
    package = own if is_package(path) else own.rpartition(".")[0]
    return absolute(written, package) or written


def home_of(
    project: Project, resolver: Resolver, path: str, written: str, name: str
) -> tuple[str, str]:
    """The file that defines ``name`` of a module, as the file ``path`` writes it, and the name
    there; both empty if it is not in the project."""
    module = absolute_name(project, path, written)
    first, _, rest = name.partition(".")
    found = resolver.resolve(module, first, path)
    if found.path and found.kind != "module":
        return found.path, ".".join(part for part in (found.name, rest) if part)
    inner_name = f"{module}.{first}" if first else module
    inner = project.find(inner_name, path)
    if inner is None or not inner.path:
        return "", ""
    through = home_of(project, resolver, path, inner_name, rest) if rest else ("", "")
    return through if through[0] else (inner.path, rest)
