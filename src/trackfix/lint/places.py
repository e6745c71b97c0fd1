"""Places that findings about shims point at besides their own."""

from __future__ import annotations

from collections.abc import Iterable

from trackfix.lint.finding import Related
from trackfix.lint.rule import LintProject
from trackfix.project.reexports.reexport_module import ReexportModule


def listing(names: Iterable[str]) -> str:
    """Some names as a reader wants them: three at most, and how many more."""
    found = list(names)
    if len(found) > 3:
        return f"{', '.join(found[:3])} and {len(found) - 3} more"
    return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def shim_place(shim: ReexportModule, role: str = "shim") -> Related:
    """Where a shim is, with what tells that it is one."""
    message = f"{shim.module}: {'; '.join(shim.evidence)}"
    return Related(shim.path, shim.line, shim.line, role, message)


def home_places(
    homes: Iterable[str], names: Iterable[str], importer: str, project: LintProject
) -> tuple[Related, ...]:
    """The modules of the project among ``homes``, at the first of ``names`` that they define: what
    they only import is defined elsewhere."""
    found = []
    for home in homes:
        module = project.project.find(home, importer)
        if module is None or module.facts is None:
            continue
        defined = [
            (name, module.facts.bindings[name][-1].line)
            for name in names
            if name in module.facts.bindings
            and module.facts.bindings[name][-1].form in ("function", "class", "value", "alias")
        ]
        name, line = defined[0] if defined else ("", 1)
        message = f"{home} defines {name}" if name else f"the module {home}"
        found.append(Related(module.path, line, line, "home", message))
    return tuple(found)
