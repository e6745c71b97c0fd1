"""What one module is, by the names that it hands on and those that it makes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

from trackfix.project.facts.module_facts import Binding
from trackfix.project.loading.load_effects import LoadEffects
from trackfix.project.meaning.handed_on import LOGGERS, handed_on, is_machinery
from trackfix.project.meaning.scope_analysis import unused_imports, used_imports
from trackfix.project.modules.resolution import Resolution, Resolver
from trackfix.project.project import Module, Project, absolute
from trackfix.project.reexports.public_faces import is_face, is_private_part
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.test_paths import is_test_path
from trackfix.project.vendored import may_be_vendored


class Reading:
    """One module under the question what it is."""

    def __init__(
        self, project: Project, resolver: Resolver, module: Module, taken: Mapping[str, str]
    ) -> None:
        assert module.facts is not None
        self.project, self.resolver, self.module, self.facts = (
            project,
            resolver,
            module,
            module.facts,
        )
        self.is_taken_by_code = any(not is_test_path(path) for path in taken.values())
        self.taken = taken.keys()
        self.listed = frozenset(self.facts.exports.names) if self.facts.exports else frozenset()
        self.own: list[str] = []
        self.wrappers: list[str] = []
        self.names: dict[str, Resolution] = {}
        self.deliberate: set[str] = set()
        self.whole = ""
        self.read_names()

    @property
    def is_lazy(self) -> bool:
        """Whether the module answers for names when they are asked for."""
        lazy = any(b.form == "lazy" for found in self.facts.bindings.values() for b in found)
        return lazy or bool(self.facts.delegates or self.facts.aliases)

    def read_names(self) -> None:
        for name, events in self.facts.bindings.items():
            if name == "*" or (name.startswith("__") and name.endswith("__")):
                continue
            running = [b for b in events if b.guard != "type-checking"]
            if not running:
                continue
            self.read_name(name, running)
        for star in self.facts.stars:
            self.read_star(star)
        if self.facts.gives_own_values:
            self.own.append("__getattr__")
        own = next(
            (a for a in self.facts.aliases if a.target and a.name in ("", self.module.name)), None
        )
        if own is not None:
            self.read_whole(self.resolver.module(self.module.name, self.module.path))
        for delegate, _ in self.facts.delegates:
            self.read_whole(self.resolver.module(delegate, self.module.path))
        for name in self.listed - self.names.keys() - set(self.own):
            found = self.resolver.resolve(self.module.name, name, self.module.path)
            if (
                found.status != "missing"
                and found.module != self.module.name
                and (found.kind != "module")
            ):
                self.names[name] = found

    def read_name(self, name: str, events: list[Binding]) -> None:
        found = self.resolver.resolve(self.module.name, name, self.module.path)
        binding = events[-1]
        made_here = found.module == self.module.name or found.status == "missing"
        if made_here:
            is_lazy = "__getattr__" in self.facts.bindings
            if name in LOGGERS or (
                name.startswith("_") and is_machinery(name, binding.form, is_lazy=is_lazy)
            ):
                return
            if name in self.facts.machinery - self.taken - self.listed:
                return
            if binding.form in ("function", "class", "value", "alias"):
                wrapper = bool(binding.wraps) and self.is_wrapper(name, binding)
                (self.wrappers if wrapper else self.own).append(name)
            return
        if (
            binding.form == "import"
            and not (name in self.listed or binding.deliberate)
            and (
                not binding.module.partition(".")[0]
                or binding.module.partition(".")[0] == name
                or not self.is_inside(found)
            )
        ):
            return
        support = found.module.partition(".")[0] in sys.stdlib_module_names
        if support and not (name in self.listed or binding.deliberate):
            return
        wanted = binding.deliberate or name in self.taken or name in self.listed
        if name.startswith("_") and binding.form != "alias" and not wanted:
            return
        self.names[name] = found
        if name in self.listed or binding.deliberate or binding.form == "lazy":
            self.deliberate.add(name)

    def read_star(self, star: Binding) -> None:
        target = absolute(star.module, self.module.package)
        for name in self.handed_on_by(target) if target else ():
            found = self.resolver.resolve(self.module.name, name, self.module.path)
            if found.module != self.module.name and found.status != "missing":
                self.names.setdefault(name, found)
                self.deliberate.add(name)

    def read_whole(self, home: Resolution) -> None:
        if home.kind != "module" or home.module == self.module.name:
            return
        self.whole = home.module
        for name in self.handed_on_by(home.module):
            self.names.setdefault(
                name, self.resolver.resolve(self.module.name, name, self.module.path)
            )
            self.deliberate.add(name)

    def handed_on_by(self, home: str) -> list[str]:
        """The names that a module hands on as a whole, sorted, or that others take from here."""
        return handed_on(self.resolver, home, self.module.path, self.taken | self.listed)

    def is_wrapper(self, name: str, binding: Binding) -> bool:
        root = binding.wraps.partition(".")[0]
        local = self.facts.bindings.get(root)
        if local and all(b.form in ("function", "class", "value") for b in local):
            return False
        imported = bool(local) or binding.form == "function"
        same = binding.wraps.rpartition(".")[2] == name
        return imported and (same or bool(self.facts.deprecations))

    def is_inside(self, found: Resolution) -> bool:
        home = self.project.find(found.module, self.module.path)
        return home is not None and not may_be_vendored(home.path)

    def is_own_part(self, found: Resolution) -> bool:
        """Whether a name comes from below the package, by whatever name that is imported."""
        home = self.project.find(found.module, self.module.path)
        folder = self.module.path.rpartition("/")[0]
        return _is_below(found.module, self.module.name) or (
            self.facts.is_package
            and home is not None
            and home.path != self.module.path
            and home.path.startswith(f"{folder}/")
        )

    def classify(self) -> ReexportModule | None:
        if not self.names and not self.wrappers and not self.whole:
            return None
        class_, why = self.class_and_reason(bool(self.facts.deprecations))
        return self.entry(class_, why) if class_ else None

    def entry(self, class_: str, why: tuple[str, ...]) -> ReexportModule:
        """The module as one of this class, for these reasons."""
        evidence = (*(f"line {line}: {text}" for line, text in self.facts.deprecations), *why)
        return ReexportModule(
            self.module.name,
            self.module.path,
            class_,
            bool(self.facts.deprecations),
            evidence,
            dict(sorted(self.names.items())),
            serves_others=self.is_lazy or self.is_taken_by_code,
        )

    def class_and_reason(self, deprecated: bool) -> tuple[str, tuple[str, ...]]:
        if not self.own:
            self.drop_helpers()
        inside = [found for found in self.names.values() if self.is_inside(found)]
        own_part = [found for found in inside if self.is_own_part(found)]
        if not (self.names or self.wrappers or self.whole):
            return "", ()
        if self.own:
            if self.facts.is_package and own_part:
                return "facade", (_of_submodules(own_part),)
            return self.mixed()
        if self.wrappers:
            return "wrapper", (f"{', '.join(self.wrappers)} only passes calls on",)
        if self.facts.has_main_guard and not deprecated:
            return "wrapper", ("has a part that runs as a script",)
        if self.facts.is_package and own_part:
            return "facade", (_of_submodules(own_part),)
        line = min(self.facts.effects, default=0) or self.resolver.analysis(LoadEffects).entry_line(
            self.module.path
        )
        if line:
            return "mixed", (f"line {line} does more than to re-export",)
        loaded = self.loaded_for_effect()
        if loaded:
            return "mixed", (f"imports {loaded}, which no name comes from",)
        if not (deprecated or self.deliberate or self.taken):
            # Nobody takes anything from it: it imports for its own ends, as a script does.
            return "", ()
        if not inside and (not deprecated or self.bridges_releases()):
            return "facade", ("hands on names from outside the repository only",)
        return self.shim_or_facade(inside, deprecated)

    def bridges_releases(self) -> bool:
        """Whether names come from one of several modules, whichever is installed, and all others
        from the standard library. What the module calls compatibility is then that of libraries,
        and is here to stay. What another module of the project has chosen is only handed on."""
        chosen = {
            name
            for name, found in self.names.items()
            if (found.is_choice or found.status == "guarded")
            and not (found.hops and self.project.find(found.hops[0].module, self.module.path))
        }
        return bool(chosen) and all(
            found.module.partition(".")[0] in sys.stdlib_module_names
            for name, found in self.names.items()
            if name not in chosen
        )

    def loaded_for_effect(self) -> str:
        """A module of the project that is imported although nothing is taken from it."""
        homes = [hop.module for found in self.names.values() for hop in found.hops]
        homes += [found.module for found in self.names.values()]
        homes += self.assigned_from()
        for statement in self.facts.imports:
            module = statement.module
            if statement.names or not statement.eager or module.startswith("."):
                continue
            part_of_home = any(f"{home}.".startswith(f"{module}.") for home in homes)
            known = self.project.find(module, self.module.path)
            if known is not None and known.path and not part_of_home:
                return module
        return ""

    def assigned_from(self) -> Iterator[str]:
        """The dotted names that names of the module are assigned from, as in ``f = other.f``."""
        bindings = self.facts.bindings
        for source in (b.source for name in self.names for b in bindings.get(name, ()) if b.source):
            root, dot, rest = source.partition(".")
            for imported in bindings.get(root, ()) if dot else ():
                is_top = imported.module.partition(".")[0] == root
                yield source if is_top else f"{imported.module}.{rest}"

    def is_shown_by_parent(self, parent: str) -> bool:
        """Whether the package around the module imports the module itself, not its names."""
        outer = self.project.find(parent, self.module.path) if parent else None
        if outer is None or outer.facts is None:
            return False
        last = self.module.name.rpartition(".")[2]
        return any(
            binding.form == "import-from"
            and binding.source == last
            and absolute(binding.module, outer.package) == parent
            for found in outer.facts.bindings.values()
            for binding in found
        )

    def drop_helpers(self) -> None:
        """What the module imports for its own use is not handed on, unless others take it."""
        for name in used_imports(self.project.document(self.module.path)):
            if name not in self.deliberate and name not in self.taken:
                self.names.pop(name, None)

    def mixed(self) -> tuple[str, tuple[str, ...]]:
        deliberate = set(self.deliberate)
        if not deliberate and self.taken & self.names.keys():
            unused = unused_imports(self.project.document(self.module.path))
            deliberate = {name for name in self.names if name in self.taken and name in unused}
        if not deliberate:
            return "", ()
        self.names = {name: self.names[name] for name in self.names if name in deliberate}
        return "mixed", (
            f"defines {', '.join(sorted(self.own)[:3])} and re-exports "
            f"{', '.join(sorted(deliberate)[:3])}",
        )

    def shim_or_facade(
        self, inside: list[Resolution], deprecated: bool
    ) -> tuple[str, tuple[str, ...]]:
        homes = sorted({found.module for found in inside})
        parent = self.module.name.rpartition(".")[0]
        what = f"all {len(self.names)} names come" if len(self.names) > 1 else "its name comes"
        outside = {found.module for found in self.names.values()} - set(homes)
        count = f"{what} from {_listing([*homes, *sorted(outside)])}"
        if not self.names:
            whole = [self.whole] if self.whole else [module for module, _ in self.facts.delegates]
            count = f"hands on whatever {_listing(whole)} has"
        if deprecated:
            return "shim", (count,)
        chosen = [name for name, found in self.names.items() if found.is_choice]
        if chosen:
            return "facade", (f"a condition chooses where {_listing(chosen)} comes from",)
        if all(found.kind == "module" for found in self.names.values()) and not self.whole:
            return "facade", ("re-exports modules only",)
        if homes and all(_is_private(home, self.module.name) for home in homes):
            return "facade", ("the public face of private modules",)
        if self.facts.says_public:
            return "facade", ("it calls itself public, or generated",)
        # Another name of a module elsewhere is old, even if its package loads it for old users.
        is_other_name = bool(self.whole) and not any(_is_below(home, parent) for home in homes)
        if not is_other_name and self.is_shown_by_parent(parent):
            return "facade", (f"{parent} shows it to its users",)
        face = is_face(self.project, self.module, self.names, homes) if not self.whole else ""
        if face:
            return "facade", (face,)
        if self.facts.is_package:
            return "shim", (f"{count}, outside the package",)
        near = [h for h in homes if h.rpartition(".")[0] == parent or _is_below(h, parent)]
        if len(homes) > 1 and len(near) == len(homes):
            return "facade", (f"gathers names of its own package: {_listing(homes)}",)
        return "shim", (count,)


def _of_submodules(found: list[Resolution]) -> str:
    names = f"{len(found)} names" if len(found) > 1 else "a name"
    return f"re-exports {names} of its own submodules"


def _is_below(module: str, package: str) -> bool:
    return module.startswith(f"{package}.")


def _is_private(home: str, module: str) -> bool:
    shared = 0
    for left, right in zip(home.split("."), module.split("."), strict=False):
        if left != right:
            break
        shared += 1
    return any(map(is_private_part, home.split(".")[shared:])) and not any(
        map(is_private_part, module.split(".")[shared:])
    )


def _listing(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")
