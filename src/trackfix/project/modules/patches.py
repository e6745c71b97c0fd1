"""Attributes of modules that other modules set while they are imported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from trackfix.project.facts.module_facts import ModuleFacts
from trackfix.project.modules.results import Resolution
from trackfix.project.project import Module, Project

# The owner as it is written, and the line.
_Setting = tuple[str, int]


class Patches:
    """``module.name = ...`` at the top level of other files. ``dotted`` says what an owner is.

    Unless all files had been read when it was asked first, only those are that do so at the left
    margin.
    """

    def __init__(self, project: Project, dotted: Callable[[Module, str], Resolution]) -> None:
        self.project = project
        self.dotted = dotted
        self._found: dict[str, dict[str, str]] = {}

    def where(self, module: str, name: str) -> str | None:
        """The file and line that sets ``module.name``; None if none does."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._find(name)
        return found.get(module)

    def _find(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for path in self._setters(name):
            facts = self.project.facts[path]
            for owner, line in settings_of(facts, name):
                own = self.project.primary_name(path)
                if own is None or not _is_imported(facts, owner.partition(".")[0]):
                    continue
                target = self.dotted(Module(own, path, facts), owner)
                if target.kind == "module" and target.status != "external":
                    found.setdefault(target.module, f"{path}:{line}")
        return found

    def _setters(self, name: str) -> Iterable[str]:
        if self._by_name is not None:
            return self._by_name.get(name, ())
        return self.project.facts.setting_attribute(name)

    @cached_property
    def _by_name(self) -> dict[str, list[str]] | None:
        """The files that set an attribute, by its name, if all have been read anyway."""
        if not self.project.facts.is_complete:
            return None
        table: dict[str, list[str]] = {}
        for path in self.project.facts:
            for name in {name for _, name, _ in self.project.facts[path].patches}:
                table.setdefault(name, []).append(path)
        return table


def settings_of(facts: ModuleFacts, name: str) -> Iterator[_Setting]:
    """The owners whose attribute of this name a file sets."""
    return ((owner, line) for owner, attribute, line in facts.patches if attribute == name)


def _is_imported(facts: ModuleFacts, name: str) -> bool:
    return any(b.form in ("import", "import-from") for b in facts.bindings.get(name, ()))
