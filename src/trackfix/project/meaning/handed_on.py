"""Which names a module hands on as a whole, and which it makes itself."""

from __future__ import annotations

from collections.abc import Collection

from trackfix.project.facts.module_facts import ModuleFacts
from trackfix.project.facts.signals import is_warning_helper
from trackfix.project.meaning.scope_analysis import used_imports
from trackfix.project.modules.resolution import Resolver

# What a shim may make without being more than one.
LOGGERS = frozenset({"logger", "log", "LOG", "LOGGER"})


def makes_names(facts: ModuleFacts) -> bool:
    """Whether a module certainly makes a name that is more than machinery, so that it is no shim:
    what `Reading` calls its own, told without any other module."""
    if facts.stars or facts.rebound_globals:
        return False
    if facts.gives_own_values:
        return True
    is_lazy = "__getattr__" in facts.bindings
    for name, events in facts.bindings.items():
        last = events[-1]
        if last.form not in ("function", "class", "value") or last.guard or last.wraps:
            continue
        if name in LOGGERS or (name.startswith("__") and name.endswith("__")):
            continue
        if name in facts.machinery:
            continue
        if not (name.startswith("_") and is_machinery(name, last.form, is_lazy=is_lazy)):
            return True
    return False


def handed_on(
    resolver: Resolver, home: str, importer: str, taken: Collection[str] = ()
) -> list[str]:
    """The names that a module hands on as a whole, sorted. What it imports for its own use is none
    of them, unless it is ``taken``."""
    names = resolver.star_names(home, importer) or frozenset()
    module = resolver.project.find(home, importer)
    if module is None or not module.path or module.facts is None:
        return sorted(names)
    last = {name: events[-1] for name, events in module.facts.bindings.items()}
    imported = {
        name
        for name in names.difference(taken) & last.keys()
        if module.facts.exports is None
        and last[name].form in ("import", "import-from")
        and not last[name].deliberate
    }
    if imported and makes_names(module.facts):
        features = {name for name in imported if last[name].module == "__future__"}
        names -= features | (imported & used_imports(resolver.project.document(module.path)))
    return sorted(names)


def is_machinery(name: str, form: str, *, is_lazy: bool) -> bool:
    """Whether a private name only serves the re-exporting: a value, a helper that warns, or
    what a lazy ``__getattr__`` needs."""
    return form not in ("function", "class") or is_warning_helper(name) or is_lazy
