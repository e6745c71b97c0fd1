"""What names mean in all files of one project, as far as it can be proved."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_MODULES, CLASS_NAME, CLIENT, NOTHING, Meaning
from trackfix.project.modules.patches import settings_of
from trackfix.project.modules.resolution import Resolution, Resolver
from trackfix.project.modules.results import Hop
from trackfix.project.project import Module, Project
from trackfix.source.errors import SourceError


class Meanings:
    """The meanings of names in all files of one project."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self.resolver = resolver
        self._members: dict[tuple[str, str], Meaning | None] = {}
        self._open: set[tuple[str, str]] = set()
        self._patches: dict[str, frozenset[str]] = {}

    def file(self, path: str) -> FileNames | None:
        """The names of one file; None when it can't be read as Python."""
        try:
            document = self.project.document(path)
            return document.analysis(self, lambda: FileNames(self, document))
        except SourceError:
            return None

    def member(self, module: str, name: str, importer: str) -> Meaning | None:
        """What ``from module import name`` gives; None when that is not certain."""
        if self.project.find(module, importer) is None:
            # Not by `resolve`, which reads the whole project first.
            found = self.resolver.outside(module, name, importer)
        else:
            found = self.resolver.resolve(module, name, importer)
        handed = _handed_on(found.hops)
        if found.status == "external" and found.movable:
            return _outside(found).after(handed)
        if found.movable:
            if found.kind == "module":
                return Meaning(found.module).after(handed)
            return self.definition(found.module, found.name, found.path).after(handed)
        is_open = found.status in ("guarded", "conditional")
        return self._by_reading(module, name, importer) if is_open else None

    def definition(self, module: str, name: str, path: str) -> Meaning:
        """A definition of the project, under its module's first name."""
        return Meaning(self.project.primary_name(path) or module, name)

    def star_member(self, module: str, name: str, importer: str) -> Meaning | None:
        """What ``from module import *`` gives; `NOTHING` when it has no such name."""
        top = module.partition(".")[0]
        if self.project.find(module, importer) is None:
            if top in sys.stdlib_module_names:
                return NOTHING
            return _outside(Resolution("external", module, name))
        if self.resolver.star_member(module, name, importer) is None:
            return NOTHING
        return self.member(module, name, importer)

    def patched(self, module: str, name: str) -> bool:
        """Whether another file of the project sets ``module.name`` when it is imported."""
        if name not in self._patches:
            self._patches[name] = frozenset(self._patched_modules(name))
        return module in self._patches[name]

    def _patched_modules(self, name: str) -> Iterator[str]:
        for path in self.project.facts.setting_attribute(name):
            facts = self.project.facts[path]
            own = Module(self.project.primary_name(path) or "", path, facts)
            for owner, _ in settings_of(facts, name):
                yield self.resolver.dotted(own, owner).module

    def _by_reading(self, module: str, name: str, importer: str) -> Meaning | None:
        """Where the facts leave a doubt, the statements may not: ``except ImportError: f = None``
        binds the name again, but to nothing that can be used."""
        holder = self.project.find(module, importer)
        if holder is None or holder.facts is None or self.resolver.alias_of(holder) is not None:
            return None
        key = (holder.path, name)
        if key not in self._members and key not in self._open:
            self._open.add(key)
            names = self.file(holder.path)
            found = names.of_name(name, names.scopes.module) if names is not None else None
            self._open.discard(key)
            usable = found if found is not None and found != NOTHING else None
            self._members[key] = (
                replace(usable, steps=(_handed_on_by(holder.path, usable),), imports=())
                if usable is not None
                else None
            )
        return self._members.get(key)


def _outside(found: Resolution) -> Meaning:
    """A module or name that is not the project's."""
    if found.kind == "module" or not found.name:
        return Meaning(found.module)
    full = f"{found.module}.{found.name}"
    if full in CLASS_MODULES:
        return Meaning(full)
    if found.name == CLASS_NAME and found.module in CLASS_MODULES:
        return CLIENT
    return Meaning(found.module, found.name)


def _handed_on(hops: tuple[Hop, ...]) -> str:
    paths = dict.fromkeys(hop.path for hop in hops)
    return f"handed on by {', '.join(paths)}" if paths else ""


def _handed_on_by(path: str, meaning: Meaning) -> str:
    further = [s.removeprefix("handed on by ") for s in meaning.steps if s.startswith("handed on")]
    return f"handed on by {', '.join((path, *further))}"
