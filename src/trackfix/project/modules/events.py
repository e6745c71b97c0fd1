"""What the statements that bind one name in a module come to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trackfix.project.facts.module_facts import Binding
from trackfix.project.modules.results import Hop, Resolution
from trackfix.project.project import Module, absolute

if TYPE_CHECKING:
    from trackfix.project.modules.resolution import Resolver

_MADE_HERE = ("function", "class", "value")


class Events:
    """The bindings of names in a project's modules, for a resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.project = resolver.project

    def outcome(self, module: Module, name: str, events: Sequence[Binding]) -> Resolution:
        """Where ``name`` comes from after all of ``events``, in the order of the file."""
        assert module.facts is not None
        events = [b for b in events if not _changes_nothing(module, b)] or events
        effective = events[_last_certain(events) :]
        answers = [self._binding(module, binding) for binding in effective]
        found = answers[0]
        if name in module.facts.rebound_globals:
            return found.doubted("conditional", f"a function in {module.path} binds {name} again")
        guards = {b.guard for b in effective}
        if all((a.home, a.status) == (found.home, found.status) for a in answers):
            covered = not effective[0].guard or effective[0].covered
            if not covered and (guards & {"if", "loop"} or guards == {"except"}):
                return self._under_condition(module, effective, found)
            return found
        if guards & {"try", "except"} and not guards & {"if", "loop"}:
            return _guarded(module, answers, effective)
        status = "cyclic" if any(a.status == "cyclic" for a in answers) else "conditional"
        there = [a for a in answers if a.status != "missing"] or answers
        is_choice = len({a.home for a in there}) > 1
        where = f"{module.path}:{effective[-1].line}"
        chosen = there[-1].doubted(status, f"{where} binds {name} under a condition")
        return chosen._replace(is_choice=is_choice)

    def _under_condition(
        self, module: Module, events: Sequence[Binding], found: Resolution
    ) -> Resolution:
        if found.status in ("missing", "cyclic", "guarded"):
            return found
        if found.path == module.path and not found.hops:
            # Whether it is defined depends on a run, but it is here in any case.
            return found._replace(status="conditional")
        why = f"{module.path}:{events[-1].line} imports it under a condition"
        return found.doubted("conditional", why)

    def _binding(self, module: Module, binding: Binding) -> Resolution:
        if binding.form == "delete":
            return self.resolver.missing(module, binding.name)
        if binding.form == "alias":
            return self._alias(module, binding)
        if binding.form == "lazy":
            return self._lazy(module, binding)
        if binding.form not in _MADE_HERE:
            return self._import(module, binding)
        return Resolution(
            "certain", module.name, binding.name, binding.form, module.path, movable=True
        )

    def _import(self, module: Module, binding: Binding) -> Resolution:
        target, source = absolute(binding.module, module.package), binding.source
        if target is None:
            why = f"{module.path}:{binding.line} climbs out of its package"
            return Resolution("missing", binding.module, source, path=module.path, obstacle=why)
        itself = f"{target}.{source}"
        if target == module.name and self.project.is_submodule(itself, module.path):
            # ``from . import name`` in a package's ``__init__``: the submodule is meant.
            found = self.resolver.module(itself, module.path)
        else:
            found = self.resolver.resolve(target, source, module.path)
        return found.after(Hop(module.path, binding.line, binding.form, target, source))

    def lazy_module(self, module: Module, written: str) -> str | None:
        """The module that a string in a ``__getattr__`` names, if it is the project's.

        Such strings are often handed to ``import_module`` behind a package's name, with or
        without a dot.
        """
        inside = absolute("." + written.lstrip("."), module.package)
        if written.startswith("."):
            inside = absolute(written, module.package)
        names = [inside] if written.startswith(".") else [inside, written]
        found = [n for n in names if n and self.project.find(n, module.path) is not None]
        return found[0] if len(found) == 1 else None

    def _lazy(self, module: Module, binding: Binding) -> Resolution:
        written, source = binding.module, binding.source
        by_attribute = binding.source == "?"
        target = self.lazy_module(module, written)
        if source in ("?", "?module"):
            source = binding.name if by_attribute else ""
            if target is None and "." in written.lstrip("."):
                # Not a module of the project: a name in one, or a library.
                parent, _, last = written.rpartition(".")
                target = self.lazy_module(module, parent) or (
                    parent if last == binding.name and parent.lstrip(".") == parent else None
                )
                source = last if target is not None else source
        if target is None:
            outside = self.resolver.outside(written, source, module.path)
            if written.startswith(".") or outside.status != "external" or "." not in written:
                why = f"{module.path}:{binding.line} names {written}, which may be anything"
                return Resolution(
                    "conditional", module.name, binding.name, path=module.path, obstacle=why
                )
            target = written
        found = self.resolver.resolve(target, source, module.path)
        return found.after(Hop(module.path, binding.line, "lazy", target, source))

    def _alias(self, module: Module, binding: Binding) -> Resolution:
        root = binding.source.partition(".")[0]
        here = Resolution("certain", module.name, binding.name, "value", module.path, movable=True)
        assert module.facts is not None
        events = [b for b in module.facts.bindings.get(root, ()) if b.form != "lazy"]
        if root == binding.name or binding.guard:
            return here
        if events and all(b.form == "value" for b in events):
            return here
        later = [b for b in events if b.line > binding.line]
        if any(b.form != "delete" for b in later):
            return here
        if later:
            # Only a helper of the shim, `import home as _home`, which is gone in the end.
            found = self._before_deletion(module, events[: -len(later)], binding.source)
        else:
            found = self.resolver.dotted(module, binding.source)
        if found.status in ("missing", "cyclic") or not (found.hops or events):
            return here
        if not events and found.hops[0].line > binding.line:
            return here
        return found.after(Hop(module.path, binding.line, "alias", found.module, found.name))

    def _before_deletion(
        self, module: Module, events: Sequence[Binding], expression: str
    ) -> Resolution:
        """What a dotted expression means by the only event before its first name is deleted."""
        if len(events) != 1 or events[0].guard:
            return self.resolver.missing(module, expression)
        found = self._binding(module, events[0])
        return self.resolver.below(found, expression, module.path)

    def is_imported_by(self, module: Module, submodule: str, line: int) -> bool:
        """Whether a package's own top level has imported a submodule of it by ``line``."""
        assert module.facts is not None
        for statement in module.facts.imports:
            if statement.line > line or not statement.eager:
                continue
            target = absolute(statement.module, module.package) or ""
            if f"{target}.".startswith(f"{submodule}."):
                return True
            if any(f"{target}.{name}" == submodule for name in statement.names):
                return True
        return False


def _changes_nothing(module: Module, binding: Binding) -> bool:
    """Whether a module imports a name from itself, under which it has it already."""
    return (
        binding.form == "import-from"
        and binding.source == binding.name
        and module.package != module.name
        and absolute(binding.module, module.package) == module.name
    )


def _last_certain(events: Sequence[Binding]) -> int:
    """Where the events start that have a say: at the last that is executed in any case."""
    for position in range(len(events) - 1, -1, -1):
        if not events[position].guard:
            return position
        if events[position].covered:
            group = events[position].group
            return next(i for i, b in enumerate(events) if b.covered and b.group == group)
    return 0


def _guarded(
    module: Module, answers: Sequence[Resolution], events: Sequence[Binding]
) -> Resolution:
    """The answer for a name that ``try`` and ``except`` bind, and why it is no promise: what is
    tried first is the home, unless the project has no such thing."""
    pairs = list(zip(answers, events, strict=True))
    there = [pair for pair in pairs if pair[0].status != "missing"] or pairs
    tried = [answer for answer, binding in there if binding.guard == "try"]
    found = tried[-1] if tried else there[0][0]
    if any(answer.home != found.home for answer, _ in there):
        return found.doubted("guarded", f"{module.path}:{events[-1].line} has another home for it")
    # A build may make what is missing here, so that it proves nothing.
    for answer, binding in pairs:
        if answer.status == "missing":
            why = f"{module.path}:{binding.line} names a home that is not here: {answer.obstacle}"
            return found.doubted("guarded", why)
    return found.doubted("guarded", next(a.obstacle for a in answers if a.obstacle))
