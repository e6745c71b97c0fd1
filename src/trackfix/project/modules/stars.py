"""What ``from module import *`` binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trackfix.project.facts.module_facts import Exports
from trackfix.project.modules.results import Hop, Resolution
from trackfix.project.project import Module, absolute

if TYPE_CHECKING:
    from trackfix.project.modules.resolution import Resolver


class Stars:
    """The star imports of a project, for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.project = resolver.project
        self._names: dict[tuple[str, str], frozenset[str] | None] = {}

    def find(self, module: Module, name: str, after: int) -> Resolution | None:
        """What the star imports of ``module`` below line ``after`` say of ``name``."""
        assert module.facts is not None
        doubt = None
        for star in reversed(module.facts.stars):
            if star.line < after or star.guard == "type-checking":
                continue
            target = absolute(star.module, module.package)
            found = self.member(target, name, module.path) if target is not None else None
            if target is None or found is None:
                continue
            found = found.after(Hop(module.path, star.line, "star", target, name))
            if found.status == "external" and self.project.find(target, module.path) is None:
                why = f"{name} may come from {target}, which is not in the project"
                doubt = doubt or found.doubted("conditional", why)
                continue
            if doubt is not None:
                return doubt
            if star.guard:
                why = f"{module.path}:{star.line} imports it under a condition"
                status = "guarded" if star.guard in ("try", "except") else "conditional"
                return found.doubted(status, why)
            return found
        return doubt

    def member(self, module_name: str, name: str, importer: str) -> Resolution | None:
        """What ``from module_name import *`` binds to ``name``; None when it does not."""
        module = self.project.find(module_name, importer)
        if module is None:
            outside = self.resolver.outside(module_name, name, importer)
            return outside if outside.status == "external" and not name.startswith("_") else None
        exported = self.names(module_name, importer)
        if exported is not None and name not in exported:
            return None
        if exported is None and name.startswith("_"):
            return None
        found = self.resolver.resolve(module_name, name, importer)
        if found.status in ("missing", "cyclic"):
            return None
        if exported is None and found.movable:
            return found.doubted("conditional", f"only a run tells what {module_name} exports")
        return found

    def names(self, module_name: str, importer: str = "") -> frozenset[str] | None:
        """The names that ``from module_name import *`` binds; None when only a run would tell."""
        module = self.project.find(module_name, importer)
        if module is None:
            return None
        key = (module.name, module.path)
        if key in self._names:
            return self._names[key]
        found = self._of(module, importer, set())
        # What is asked on the way to ``__all__`` may go round in a circle; whoever comes in another
        # way may get there.
        if found is not None or not self.resolver.is_in_circle:
            self._names[key] = found
        return found

    def _below(self, name: str, importer: str, seen: set[str]) -> frozenset[str] | None:
        module = self.project.find(name, importer)
        if module is None or (module.name, module.path) in self._names:
            return self._names[module.name, module.path] if module is not None else None
        return frozenset() if name in seen else self._of(module, importer, seen)

    def _of(self, module: Module, importer: str, seen: set[str]) -> frozenset[str] | None:
        seen.add(module.name)
        alias = self.resolver.alias_of(module)
        if alias is not None and alias.table:
            return frozenset(name for name, _ in alias.table if not name.startswith("_"))
        if alias is not None:
            target = self.resolver.module(module.name, importer)
            if target.module == module.name or not target.movable:
                return None
            return self._below(target.module, module.path, seen)
        facts = module.facts
        if facts is None:
            return None
        if facts.exports is not None:
            return self._exported(module, facts.exports, seen)
        names = {
            name
            for name, events in facts.bindings.items()
            if not name.startswith("_")
            and name != "*"
            and any(b.guard != "type-checking" and b.form != "lazy" for b in events)
        }
        for star in facts.stars:
            target_name = absolute(star.module, module.package)
            below = self._below(target_name, module.path, seen) if target_name else None
            if below is None:
                return None
            names |= {name for name in below if not name.startswith("_")}
        return None if facts.overwrites or (facts.opaque and not names) else frozenset(names)

    def _exported(self, module: Module, exports: Exports, seen: set[str]) -> frozenset[str] | None:
        names = set(exports.names)
        for other in exports.others:
            owner = self._owner(module, other)
            below = self._below(owner, module.path, seen) if owner else None
            if below is None:
                return None
            names |= below
        return frozenset(names) if exports.complete else None

    def _owner(self, module: Module, written: str) -> str:
        """The module whose ``__all__`` is one of the others of `Exports`; empty if unknown."""
        source, _, imported = written.partition(":")
        if imported:
            return absolute(source, module.package) or ""
        target = self.resolver.dotted(module, written.removesuffix(".__all__"))
        return target.module if target.kind == "module" and not target.name else ""
