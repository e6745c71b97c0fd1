"""From a module and a name to the definition, through any number of re-exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from trackfix.project.facts.module_facts import MODULE_ATTRIBUTES, Binding, ModuleAlias
from trackfix.project.modules.events import Events
from trackfix.project.modules.patches import Patches
from trackfix.project.modules.results import Hop as Hop
from trackfix.project.modules.results import Resolution as Resolution
from trackfix.project.modules.stars import Stars
from trackfix.project.project import Module, Project, absolute

_Key = tuple[str, str, str]
Analysis = TypeVar("Analysis")


class Resolver:
    """Resolves names in one project, each once; if ``patched``, with regard to the modules that
    set attributes of others."""

    def __init__(self, project: Project, *, patched: bool = True) -> None:
        self.project = project
        self._stars = Stars(self)
        self._events = Events(self)
        self._known: dict[_Key, Resolution] = {}
        self._open: dict[_Key, int] = {}
        self._following: set[str] = set()
        self._lowest_circle: float = float("inf")
        # With answers of its own: within one, a circle would be seen where there is none.
        self._patches = (
            Patches(project, Resolver(project, patched=False).dotted) if patched else None
        )
        self._analyses: dict[object, object] = {}

    def analysis(self, make: Callable[[Project, Resolver], Analysis]) -> Analysis:
        """What ``make`` finds out about the project; it is asked once, whoever asks."""
        if make not in self._analyses:
            self._analyses[make] = make(self.project, self)
        return self._analyses[make]  # type: ignore[return-value]

    def made(self, make: Callable[[Project, Resolver], Analysis]) -> Analysis | None:
        """The same if it has been asked already; else None."""
        return self._analyses.get(make)  # type: ignore[return-value]

    def module(self, name: str, importer: str = "") -> Resolution:
        """What ``import name`` means in the file ``importer``."""
        module = self.project.find(name, importer)
        if module is None:
            return self.outside(name, "", importer)
        alias = self.alias_of(module)
        if alias is not None and alias.target:
            return self._follow_alias(module, alias)
        return Resolution("certain", name, "", "module", module.path, movable=True)

    def resolve(self, module_name: str, name: str, importer: str = "") -> Resolution:
        """Where ``module_name.name`` is defined, read in the file ``importer``."""
        if not name:
            return self.module(module_name, importer)
        module = self.project.find(module_name, importer)
        if module is None:
            return self.outside(module_name, name, importer)
        return self._once((module.path, module_name, name), module, name)

    def star_member(self, module_name: str, name: str, importer: str) -> Resolution | None:
        """What ``from module_name import *`` binds to ``name``; None when it does not."""
        return self._stars.member(module_name, name, importer)

    def star_names(self, module_name: str, importer: str = "") -> frozenset[str] | None:
        """The names that ``from module_name import *`` binds; None when only a run would tell."""
        return self._stars.names(module_name, importer)

    @property
    def is_in_circle(self) -> bool:
        """Whether what was found last may hold only for whoever came in the same way."""
        return self._lowest_circle < len(self._open)

    def _once(self, key: _Key, module: Module, name: str) -> Resolution:
        if key in self._known:
            return self._known[key]
        depth = len(self._open)
        if key in self._open:
            self._lowest_circle = min(self._lowest_circle, self._open[key])
            why = "the re-exports go round in a circle"
            return Resolution("cyclic", module.name, name, path=module.path, obstacle=why)
        self._open[key] = depth
        try:
            found = self._in_module(module, name).once_around()
        finally:
            del self._open[key]
        # An answer from inside of a circle holds only for whoever came in the same way.
        if self._lowest_circle >= depth:
            self._lowest_circle = float("inf")
            self._known[key] = found
        return found

    def outside(self, module: str, name: str, importer: str = "") -> Resolution:
        """What an import means that finds no file of the project."""
        kind = "unknown" if name else "module"
        if self.project.is_unclear(module, importer):
            why = f"several files of the project are named {module}"
            return Resolution("conditional", module, name, kind, obstacle=why)
        parent = self.project.find(module.partition(".")[0], importer)
        # A folder without __init__ does not hide an installed package of its name.
        hidden = parent is not None and bool(parent.path)
        if hidden and not self.project.is_compiled(module, importer):
            return Resolution("missing", module, name, obstacle=f"there is no module {module}")
        return Resolution("external", module, name, kind, movable=True)

    def alias_of(self, module: Module) -> ModuleAlias | None:
        """The ``sys.modules`` entry that stands for a module, by whichever of its names."""
        if module.alias is not None:
            return module.alias
        if not module.path or not self.project.facts.glance(module.path).sets_modules:
            return None
        assert module.facts is not None
        own = (a for a in module.facts.aliases if a.target and a.name in ("", module.name))
        return next(own, None)

    def _follow_alias(self, module: Module, alias: ModuleAlias) -> Resolution:
        if module.name in self._following:
            why = "its entry in sys.modules goes round in a circle"
            return Resolution("cyclic", module.name, "", "module", path=module.path, obstacle=why)
        self._following.add(module.name)
        try:
            target = self._target_of(alias, self._holder(module))
        finally:
            self._following.discard(module.name)
        hop = Hop(module.path, alias.line, "module-alias", target.module, target.name)
        if target.kind != "module":
            why = f"it is replaced by {alias.target} at run time"
            return Resolution(
                "conditional", module.name, "", "module", module.path, (hop,), obstacle=why
            )
        return target.after(hop)

    def _target_of(self, alias: ModuleAlias, holder: Module) -> Resolution:
        if not alias.is_literal:
            return self.dotted(holder, alias.target)
        return self.module(absolute(alias.target, holder.package) or alias.target, holder.path)

    def _holder(self, module: Module) -> Module:
        """The module whose code registers an alias."""
        if module.alias is None:
            return module
        name = self.project.primary_name(module.path) or ""
        return Module(name, module.path, self.project.facts)

    def _in_module(self, module: Module, name: str) -> Resolution:
        alias = self.alias_of(module)
        found = (
            self._in_namespace(module, name)
            if alias is None
            else self._in_alias(module, alias, name)
        )
        if found.movable and not found.hops and self._is_inside_stub(module):
            why = f"{module.path} describes a part of a compiled module"
            return found.doubted("conditional", why)
        patched = self._patched_at(module.name, name)
        if patched and found.movable:
            return found.doubted("conditional", f"{patched} sets {module.name}.{name}")
        return found

    def _is_inside_stub(self, module: Module) -> bool:
        """Whether a stub stands below a package that is only a stub: a compiled module can have
        parts that can't be imported as modules."""
        package = module.name.rpartition(".")[0]
        if not module.path.endswith(".pyi") or not package:
            return False
        outer = self.project.find(package, module.path)
        return outer is not None and outer.path.endswith(".pyi")

    def _patched_at(self, module: str, name: str) -> str | None:
        return self._patches.where(module, name) if self._patches else None

    def _in_alias(self, module: Module, alias: ModuleAlias, name: str) -> Resolution:
        if alias.target:
            target = self._follow_alias(module, alias)
            if not target.movable:
                return target._replace(name=name)
            return self.resolve(target.module, name, module.path).after(*target.hops)
        source = dict(alias.table).get(name)
        if source is None:
            return self.missing(module, name)
        if not source:
            why = f"{name} is set on a module made at run time"
            return Resolution("conditional", module.name, name, "value", module.path, obstacle=why)
        found = self.dotted(self._holder(module), source)
        return found.after(Hop(module.path, alias.line, "module-alias", found.module, found.name))

    def _in_namespace(self, module: Module, name: str) -> Resolution:
        """What the code of a module binds to ``name``, whatever stands for it in sys.modules."""
        facts = module.facts
        submodule = self._submodule(module, name)
        if facts is None:
            return submodule or Resolution("external", module.name, name, movable=True)
        known = facts.bindings.get(name, ())
        run = [b for b in known if b.guard != "type-checking" and b.form != "lazy"]
        found = self._stars.find(module, name, run[-1].line if run else 0)
        if run or found is not None:
            if found is None:
                found = self._events.outcome(module, name, run)
            if facts.overwrites and found.movable and not found.hops:
                return found.doubted("conditional", f"{module.path} sets names at run time")
            return self._against_submodule(module, name, run, found)
        if submodule is not None:
            return submodule
        lazy = [b for b in known if b.form == "lazy"]
        if lazy:
            return self._events.outcome(module, name, lazy)
        for delegate, line in facts.delegates:
            found = self._delegated(module, delegate, line, name)
            if found is not None:
                return found
        if known:
            # What checkers are told is most likely so, but it is not what a run finds.
            found = self._events.outcome(module, name, known)
            return found.doubted("conditional", f"{module.path} binds {name} for checkers only")
        if facts.opaque:
            why = f"{module.path} makes names at run time"
            return Resolution("conditional", module.name, name, path=module.path, obstacle=why)
        return self.missing(module, name)

    def _delegated(self, module: Module, delegate: str, line: int, name: str) -> Resolution | None:
        target = self._events.lazy_module(module, delegate)
        if target is None:
            found = self.dotted(module, delegate)
            target = found.module if found.kind == "module" else None
        if target is None:
            return None
        found = self.resolve(target, name, module.path)
        hop = Hop(module.path, line, "lazy", target, name)
        return found.after(hop) if found.status != "missing" else None

    def _against_submodule(
        self, module: Module, name: str, run: list[Binding], found: Resolution
    ) -> Resolution:
        """``found``, unless a later import of the submodule of that name would replace it."""
        full = f"{module.name}.{name}"
        if found.kind == "module" or not found.movable or not self._has_file(module, full):
            return found
        visited = {found.module, *(hop.module for hop in found.hops)}
        line = run[-1].line if run else found.hops[0].line
        if full in visited or self._events.is_imported_by(module, full, line):
            return found
        return found.doubted("conditional", f"importing {full} replaces it")

    def _has_file(self, module: Module, full: str) -> bool:
        if module.facts is None or not module.facts.is_package:
            return False
        below = self.project.find(full, module.path)
        return below is not None and bool(below.path)

    def missing(self, module: Module, name: str) -> Resolution:
        """The answer for a name that a module does not have."""
        is_own = name in MODULE_ATTRIBUTES
        why = f"it is {module.name}'s own" if is_own else f"{module.name} has no name {name}"
        return Resolution("missing", module.name, name, path=module.path, obstacle=why)

    def _submodule(self, module: Module, name: str) -> Resolution | None:
        full = f"{module.name}.{name}"
        if (module.facts is None or module.facts.is_package) and (
            self.project.find(full, module.path) is not None
            or self.project.is_compiled(full, module.path)
        ):
            return self.module(full, module.path)
        return None

    def dotted(self, module: Module, expression: str) -> Resolution:
        """What a dotted expression in a module's top level means."""
        parts = expression.split(".")
        if self.alias_of(module) is not None:
            found = self._in_namespace(module, parts[0])
        else:
            found = self.resolve(module.name, parts[0], module.path)
        if found.status == "missing" and self.project.find(parts[0], module.path):
            found = self.module(parts[0], module.path)
        return self.below(found, expression, module.path)

    def below(self, found: Resolution, expression: str, importer: str) -> Resolution:
        """What a dotted expression means whose first name is ``found``."""
        parts = expression.split(".")
        for position, part in enumerate(parts[1:], 1):
            if found.kind != "module":
                # An attribute of a class or an object: no definition of its own.
                why = f"{expression} is no name of a module"
                return Resolution("missing", found.module, f"{found.name}.{part}", obstacle=why)
            if found.status == "external":
                rest = parts[position:]
                owner = ".".join([found.module, *rest[:-1]])
                return found._replace(module=owner, name=rest[-1], kind="unknown")
            outer = found
            found = self.resolve(outer.module, part, importer).after(*outer.hops)
            if not outer.movable:
                found = found.doubted(outer.status, outer.obstacle)
        return found
