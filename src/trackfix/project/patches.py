"""Attributes of modules that other modules set while they are imported."""

from __future__ import annotations

from collections.abc import Callable

from trackfix.project.facts import ModuleFacts
from trackfix.project.project import Module, Project
from trackfix.project.results import Resolution


def find_patches(
    project: Project, dotted: Callable[[Module, str], Resolution]
) -> dict[tuple[str, str], str]:
    """``module.name = ...`` at the top level of other files: module and name -> where.

    Unless all files have been read anyway, those are read that do it at the left margin.
    """
    patches: dict[tuple[str, str], str] = {}
    all_read = project.facts.is_complete
    for path in project.facts if all_read else project.facts.attribute_setters:
        facts = project.facts[path]
        own = project.primary_name(path) if facts.patches else None
        for owner, attribute, line in facts.patches if own else ():
            if not _is_imported(facts, owner.partition(".")[0]):
                continue
            found = dotted(Module(own or "", path, facts), owner)
            if found.kind == "module" and found.status != "external":
                patches.setdefault((found.module, attribute), f"{path}:{line}")
    return patches


def _is_imported(facts: ModuleFacts, name: str) -> bool:
    return any(b.form in ("import", "import-from") for b in facts.bindings.get(name, ()))
