"""From a module and a name to the definition, through any number of re-exports."""

from __future__ import annotations

from dataclasses import dataclass, replace

from trackfix.project.facts import Binding, ModuleAlias
from trackfix.project.project import Module, Project, absolute


@dataclass(frozen=True, slots=True)
class Hop:
    """One step on the way to a definition: where it stands and by which form it goes on.
    ``module`` and ``name`` are what the step leads to."""

    path: str
    line: int
    form: str
    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """Where a name comes from.

    ``status`` is ``certain``, ``guarded`` (two homes, try/except), ``conditional`` (the
    definition depends on a run, or is bound again), ``external`` (the home is outside the
    project), ``missing`` or ``cyclic``. An empty ``name`` is the module itself.

    ``movable`` is the promise that a reference to the query means the same object when it is
    written as a reference to the home; ``obstacle`` says why it is not given.
    """

    status: str
    module: str
    name: str
    kind: str = "unknown"
    path: str = ""
    hops: tuple[Hop, ...] = ()
    movable: bool = False
    obstacle: str = ""

    @property
    def home(self) -> str:
        """``module:name``, or the module alone."""
        return f"{self.module}:{self.name}" if self.name else self.module


_KINDS = {"function": "function", "class": "class"}


class Resolver:
    """Resolves names in one project, each once."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._known: dict[tuple[str, str, str], Resolution] = {}
        self._open: set[tuple[str, str, str]] = set()

    def module(self, name: str, importer: str = "") -> Resolution:
        """What ``import name`` means in the file ``importer``."""
        module = self.project.find(name, importer)
        if module is None:
            return self._outside(name, "")
        if module.alias is not None and module.alias.target:
            return self._follow_alias(module, module.alias)
        own = self._own_alias(module)
        if own is not None:
            return self._follow_alias(module, own)
        return Resolution("certain", name, "", "module", module.path, movable=True)

    def resolve(self, module_name: str, name: str, importer: str = "") -> Resolution:
        """Where ``module_name.name`` is defined, read in the file ``importer``."""
        if not name:
            return self.module(module_name, importer)
        module = self.project.find(module_name, importer)
        if module is None:
            return self._outside(module_name, name)
        key = (module.path, module_name, name)
        if key in self._known:
            return self._known[key]
        if key in self._open:
            return Resolution("cyclic", module_name, name, path=module.path,
                              obstacle="the re-exports go round in a circle")
        self._open.add(key)
        try:
            found = self._in_module(module, name)
        finally:
            self._open.discard(key)
        if found.status != "cyclic" or not self._open:
            self._known[key] = found
        return found

    def _outside(self, module: str, name: str) -> Resolution:
        parent = self.project.find(module.partition(".")[0])
        # A folder without __init__ does not hide an installed package of its name.
        if parent is not None and parent.path:
            return Resolution("missing", module, name, obstacle=f"there is no module {module}")
        kind = "unknown" if name else "module"
        return Resolution("external", module, name, kind, movable=True)

    def _own_alias(self, module: Module) -> ModuleAlias | None:
        """``sys.modules[__name__] = home`` in the module, by whichever of its names."""
        if module.facts is None:
            return None
        return next(
            (a for a in module.facts.aliases if a.target and a.name in ("", module.name)), None
        )

    def _follow_alias(self, module: Module, alias: ModuleAlias) -> Resolution:
        holder = self._holder(module)
        target = self._dotted(holder, alias.target)
        hop = Hop(module.path, alias.line, "module-alias", target.module, target.name)
        if target.kind != "module":
            return Resolution("conditional", module.name, "", "module", module.path, (hop,),
                              obstacle=f"it is replaced by {alias.target} at run time")
        return replace(target, hops=(hop, *target.hops))

    def _holder(self, module: Module) -> Module:
        """The module whose code registers an alias."""
        if module.facts is not None:
            return module
        name = self.project.primary_name(module.path) or ""
        return Module(name, module.path, self.project.facts[module.path])

    def _in_module(self, module: Module, name: str) -> Resolution:
        alias = module.alias or self._own_alias(module)
        if alias is not None:
            return self._in_alias(module, alias, name)
        return self._in_namespace(module, name)

    def _in_namespace(self, module: Module, name: str) -> Resolution:
        """What the code of a module binds to ``name``, whatever stands for it in sys.modules."""
        if module.facts is None:
            return self._submodule(module, name) or Resolution(
                "external", module.name, name, movable=True
            )
        events = [b for b in module.facts.bindings.get(name, ()) if b.guard != "type-checking"]
        star = self._star(module, name, events[-1].line if events else 0)
        if star is not None:
            return star
        if events and not (all(b.form == "lazy" for b in events)):
            return self._events(module, name, [b for b in events if b.form != "lazy"])
        submodule = self._submodule(module, name)
        if submodule is not None and not events:
            return submodule
        if events:
            return self._binding(module, events[0])
        for delegate, line in module.facts.delegates:
            target = self._dotted(module, delegate)
            if target.kind == "module":
                found = self.resolve(target.module, name, module.path)
                if found.status != "missing":
                    return _with_hop(found, Hop(module.path, line, "lazy", target.module, name))
        if module.facts.opaque:
            return Resolution("conditional", module.name, name, path=module.path,
                              obstacle=f"{module.path} makes names at run time")
        if not events and module.facts.bindings.get(name):
            # A name that only type checkers see still has a home.
            return self._events(module, name, list(module.facts.bindings[name]))
        return self._missing(module, name)

    def _missing(self, module: Module, name: str) -> Resolution:
        return Resolution("missing", module.name, name, path=module.path,
                          obstacle=f"{module.name} has no name {name}")

    def _submodule(self, module: Module, name: str) -> Resolution | None:
        full = f"{module.name}.{name}"
        if (module.facts is None or module.facts.is_package) and (
            self.project.find(full, module.path) is not None
        ):
            return self.module(full, module.path)
        return None

    def _in_alias(self, module: Module, alias: ModuleAlias, name: str) -> Resolution:
        holder = self._holder(module)
        if alias.target:
            target = self._follow_alias(module, alias)
            if not target.movable:
                return replace(target, name=name)
            found = self.resolve(target.module, name, module.path)
            return _with_hop(found, *target.hops)
        source = dict(alias.table).get(name)
        if source is None:
            return self._missing(module, name)
        if not source:
            return Resolution("conditional", module.name, name, "value", module.path,
                              obstacle=f"{name} is set on a module made at run time")
        found = self._dotted(holder, source)
        return _with_hop(found, Hop(module.path, alias.line, "module-alias",
                                    found.module, found.name))

    def _star(self, module: Module, name: str, after: int) -> Resolution | None:
        """What the star imports below line ``after`` say of ``name``."""
        assert module.facts is not None
        doubt = None
        for star in reversed(module.facts.stars):
            if star.line < after or star.guard == "type-checking":
                continue
            target = absolute(star.module, module.package)
            if target is None:
                continue
            found = self.star_member(target, name, module.path)
            if found is None:
                continue
            hop = Hop(module.path, star.line, "star", target, name)
            found = _with_hop(found, hop)
            if found.status == "external" and not after:
                doubt = replace(found, status="conditional", movable=False,
                                obstacle=f"{name} may come from {target}, which is not in the "
                                         "project")
                continue
            if found.status == "external":
                continue
            if doubt is not None:
                return doubt
            if star.guard:
                return replace(found, status="guarded", movable=False,
                               obstacle=f"{module.path}:{star.line} imports it under a condition")
            return found
        if doubt is not None and self._submodule(module, name) is None and not after:
            return doubt
        return None

    def star_member(self, module_name: str, name: str, importer: str) -> Resolution | None:
        """What ``from module_name import *`` binds to ``name``; None when it does not."""
        module = self.project.find(module_name, importer)
        if module is None:
            outside = self._outside(module_name, name)
            return outside if outside.status == "external" and not name.startswith("_") else None
        exported = self.star_names(module_name, importer)
        if exported is not None and name not in exported:
            return None
        if exported is None and name.startswith("_"):
            return None
        found = self.resolve(module_name, name, importer)
        return None if found.status == "missing" else found

    def star_names(self, module_name: str, importer: str = "") -> frozenset[str] | None:
        """The names that ``from module_name import *`` binds; None when only a run would tell."""
        return self._star_names(module_name, importer, set())

    def _star_names(self, module_name: str, importer: str, seen: set[str]) -> frozenset[str] | None:
        module = self.project.find(module_name, importer)
        if module is None or module_name in seen:
            return None if module is None else frozenset()
        seen.add(module_name)
        own = module.alias or self._own_alias(module)
        if own is not None:
            target = self.module(module_name, importer)
            if target.module == module_name or not target.movable:
                return None
            return self._star_names(target.module, module.path, seen)
        if module.facts is None:
            return None
        exports = module.facts.exports
        if exports is not None:
            return self._exported(module, seen)
        names = {
            name for name, events in module.facts.bindings.items()
            if not name.startswith("_") and name != "*"
            and any(b.guard != "type-checking" and b.form != "lazy" for b in events)
        }
        for star in module.facts.stars:
            target_name = absolute(star.module, module.package)
            if target_name is None:
                return None
            below = self._star_names(target_name, module.path, seen)
            if below is None:
                return None
            names |= below
        return None if module.facts.opaque and not names else frozenset(names)

    def _exported(self, module: Module, seen: set[str]) -> frozenset[str] | None:
        assert module.facts is not None and module.facts.exports is not None
        exports = module.facts.exports
        names = set(exports.names)
        for other in exports.others:
            target = self._dotted(module, other)
            below = (
                self._star_names(target.module, module.path, seen)
                if target.kind == "module" else None
            )
            if below is None:
                return None
            names |= below
        return frozenset(names) if exports.complete else None

    def _events(self, module: Module, name: str, events: list[Binding]) -> Resolution:
        """The outcome of the bindings of one name, in the order of the file."""
        last = max((i for i, b in enumerate(events) if not b.guard), default=None)
        effective = events if last is None else events[last:]
        rebound = last is not None and last > 0
        answers = [self._binding(module, binding) for binding in effective]
        first = answers[0]
        if name in (module.facts.rebound_globals if module.facts else ()):
            return replace(first, status="conditional", movable=False,
                           obstacle=f"a function in {module.path} binds {name} again")
        if all(a.home == first.home and a.status == first.status for a in answers):
            return self._single(module, effective, first, rebound, events)
        guards = {b.guard for b in effective}
        if guards <= {"try", "except"} or "except" in guards:
            tried = next((a for a, b in zip(answers, effective, strict=True)
                          if b.guard == "try" and a.status != "missing"), first)
            line = effective[-1].line
            return replace(tried, status="guarded", movable=False,
                           obstacle=f"{module.path}:{line} has another home for it in an except")
        status = "cyclic" if any(a.status == "cyclic" for a in answers) else "conditional"
        return replace(answers[-1], status=status, movable=False,
                       obstacle=f"{module.path}:{effective[-1].line} binds {name} under a condition")

    def _single(
        self, module: Module, effective: list[Binding], found: Resolution, rebound: bool,
        events: list[Binding],
    ) -> Resolution:
        here = found.path == module.path and found.module == module.name
        guards = {b.guard for b in effective}
        conditional = bool(guards & {"if", "loop"}) and "" not in guards
        if guards == {"except"}:
            conditional = True
        if not (conditional or rebound) or found.status in ("missing", "cyclic", "guarded"):
            return found
        if here and not found.hops:
            # The definition depends on a run, but it is here in any case.
            return replace(found, status="conditional")
        line = events[-1].line
        why = "binds it again" if rebound else "imports it under a condition"
        return replace(found, status="conditional", movable=False,
                       obstacle=f"{module.path}:{line} {why}")

    def _binding(self, module: Module, binding: Binding) -> Resolution:
        if binding.form in ("function", "class", "value"):
            return Resolution("certain", module.name, binding.name,
                              _KINDS.get(binding.form, "value"), module.path, movable=True)
        if binding.form == "delete":
            return self._missing(module, binding.name)
        if binding.form == "alias":
            return self._alias(module, binding)
        return self._import(module, binding)

    def _import(self, module: Module, binding: Binding) -> Resolution:
        target = absolute(binding.module, module.package)
        source = binding.source
        if target is not None and source in ("?", "?module"):
            target, source = self._decide(module, binding, target)
        elif target is not None and binding.form == "lazy" and binding.module.startswith("."):
            if self.project.find(target, module.path) is None:
                target = binding.module.lstrip(".")
        if target is None:
            return Resolution("missing", binding.module, binding.source, path=module.path,
                              obstacle=f"{module.path}:{binding.line} climbs out of its package")
        if binding.form == "import-from" and source == binding.name and self._is_itself(
            module, target, source
        ):
            found = self.module(f"{target}.{source}", module.path)
        else:
            found = self.resolve(target, source, module.path)
        return _with_hop(found, Hop(module.path, binding.line, binding.form, target, source))

    def _is_itself(self, module: Module, target: str, name: str) -> bool:
        """``from . import name`` in a package's ``__init__``: the submodule is meant."""
        return target == module.name and self.project.is_submodule(f"{target}.{name}", module.path)

    def _decide(self, module: Module, binding: Binding, target: str) -> tuple[str, str]:
        """Whether a string in a table of lazy names means a module or a symbol in one."""
        by_attribute = binding.source == "?"
        if self.project.find(target, module.path) is not None:
            return target, binding.name if by_attribute else ""
        parent, _, last = target.rpartition(".")
        if parent and (self.project.find(parent, module.path) or last == binding.name):
            return parent, last
        return target, binding.name if by_attribute else ""

    def _alias(self, module: Module, binding: Binding) -> Resolution:
        root, _, rest = binding.source.partition(".")
        here = Resolution("certain", module.name, binding.name, "value", module.path, movable=True)
        assert module.facts is not None
        events = module.facts.bindings.get(root)
        if not events or root == binding.name or binding.guard:
            return here
        if all(b.form == "value" for b in events) or any(
            b.line > binding.line for b in events if b.form != "lazy"
        ):
            return here
        found = self._dotted(module, binding.source)
        if found.status == "missing" or (rest and found.kind == "unknown" and not found.movable):
            return here
        return _with_hop(found, Hop(module.path, binding.line, "alias", found.module, found.name))

    def _dotted(self, module: Module, expression: str) -> Resolution:
        """What a dotted expression in a module's top level means."""
        parts = expression.split(".")
        own = self._own_alias(module) is not None
        found = (
            self._in_namespace(module, parts[0]) if own
            else self.resolve(module.name, parts[0], module.path)
        )
        if found.status == "missing" and self.project.find(parts[0], module.path):
            found = self.module(parts[0], module.path)
        for position, part in enumerate(parts[1:], 1):
            if found.kind == "module" and found.status == "external":
                rest = parts[position:]
                owner = ".".join([found.module, *rest[:-1]])
                return Resolution("external", owner, rest[-1], movable=found.movable,
                                  hops=found.hops, obstacle=found.obstacle)
            if found.kind != "module":
                # An attribute of a class or an object: no definition of its own.
                return Resolution("missing", found.module, f"{found.name}.{part}",
                                  obstacle=f"{expression} is no name of a module")
            hops, movable, obstacle = found.hops, found.movable, found.obstacle
            found = self.resolve(found.module, part, module.path)
            found = replace(found, hops=(*hops, *found.hops))
            if not movable:
                found = replace(found, movable=False, obstacle=obstacle)
        return found


def _with_hop(found: Resolution, *hops: Hop) -> Resolution:
    return replace(found, hops=(*hops, *found.hops))
