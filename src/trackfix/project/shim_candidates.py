"""Which files may be shims, as far as can be told without parsing much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from trackfix.project.facts import ModuleFacts, is_package
from trackfix.project.project import Module, Project, absolute
from trackfix.source.errors import SourceError


def shim_candidates(project: Project) -> Iterator[str]:
    """Every file that may be a shim, and some more."""
    for path in project.facts:
        if path.endswith(".pyi"):
            continue
        if is_listed(project, path):
            yield path
            continue
        seen = project.facts.glance(path)
        if seen.defines or not (seen.modules or seen.sets_modules):
            continue
        if not (is_package(path) and _is_facade(project, path, project.facts[path])):
            yield path


def is_listed(project: Project, path: str) -> bool:
    """Whether the setting ``shims`` matches one of the names of a file."""
    patterns = project.config.shims
    return bool(patterns) and any(
        fnmatchcase(name, pattern) for name in project.names_of(path) for pattern in patterns
    )


def _is_facade(project: Project, path: str, facts: ModuleFacts) -> bool:
    """Whether a package hands on a name that the text of its own submodule defines."""
    name = project.primary_name(path)
    if name is None:
        return False
    module = Module(name, path, facts)
    for found in facts.bindings.values():
        binding = found[-1]
        target = absolute(binding.module, module.package) if binding.form == "import-from" else None
        if target is None or not target.startswith(f"{name}.") or binding.guard == "type-checking":
            continue
        below = project.find(target, path)
        if below is not None and below.path and _defines(project, below.path, binding.source):
            return True
    return False


def _defines(project: Project, path: str, name: str) -> bool:
    """Whether a function or class of this name stands at the left margin of a file."""
    pattern = rf"^(?:async[ \t]+def|def|class)[ \t]+{re.escape(name)}\b"
    try:
        return re.search(pattern.encode(), project.read(path), re.MULTILINE) is not None
    except SourceError:
        return False
