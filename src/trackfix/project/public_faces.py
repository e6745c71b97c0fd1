"""Re-export modules that are somebody's interface, although only their form can be seen.

That all names of a module come from elsewhere is no proof that it is kept for old imports. In
published packages most such modules are meant: an ``api`` that gathers, a private module that
picks, a package that shows to users what a second one, internal by agreement, defines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from trackfix.project.facts import Binding, ModuleFacts
from trackfix.project.project import Module, Project, absolute

_VERSIONS = frozenset({"__version__", "_version", "version", "__about__"})
_INTERFACES = frozenset({"api", "_api", "public"})
_OLD = re.compile(r"legacy|deprecat|obsolete|shim|(?<![a-z])(?:old|backports?)(?![a-z])")
# Of many modules with the same tail one may be a chance; three are a plan.
_FEWEST_MIRRORS = 3


def is_face(project: Project, module: Module, homes: Collection[str]) -> str:
    """Why a module is taken for an interface; empty if nothing speaks for that. ``homes`` are the
    modules of the project that its names come from."""
    last = module.name.rpartition(".")[2]
    if _OLD.search(module.name):
        return ""
    if last in _VERSIONS:
        return "tells the version"
    if last in _INTERFACES:
        return "its name says that it is an interface"
    if last.startswith("_"):
        return "private, and nothing says that it is old"
    shown = mirrored(project, module, homes)
    return f"shows modules of {shown} under the same names, as others beside it do" if shown else ""


def mirrored(project: Project, module: Module, homes: Collection[str]) -> str:
    """The internal package of which a public one mirrors the modules, ``module`` among them.

    Both lie beside each other. The public one has definitions of its own, and an ``__init__`` that
    shows them; that of the internal one is empty. A package that was moved looks otherwise: it
    has nothing of its own left, or no face, or the new place has one.
    """
    parts = module.name.split(".")
    pairs = {_apart(parts, home.split(".")) for home in homes}
    if len(pairs) != 1:
        return ""
    public, internal = pairs.pop()
    if not (public and internal) or public == module.name:
        return ""
    if not any(parts[-1] in home[len(internal) :].split(".") for home in homes):
        return ""
    face, inside = project.find(public, module.path), project.find(internal, module.path)
    if face is None or inside is None or not _shows_own(face) or _has_names(inside.facts):
        return ""
    folder = face.path.rpartition("/")[0]
    files = [path for path in project.facts if path.startswith(f"{folder}/")]
    found = [facts for path in files if (facts := project.facts.get(path)) is not None]
    defines = any(b.form in ("function", "class") for f in found for b in _last_bindings(f))
    mirrors = sum(_mirrors(project, facts, internal) for facts in found)
    return internal if defines and mirrors >= _FEWEST_MIRRORS else ""


def _apart(left: list[str], right: list[str]) -> tuple[str, str]:
    """The two packages at which two names part."""
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    return ".".join(left[: shared + 1]), ".".join(right[: shared + 1])


def _shows_own(package: Module) -> bool:
    """Whether an ``__init__`` hands on names of its own modules."""
    facts = package.facts
    return (
        facts is not None
        and facts.is_package
        and any(
            b.form == "import-from"
            and f"{absolute(b.module, package.package) or ''}.".startswith(f"{package.name}.")
            for b in _last_bindings(facts)
        )
    )


def _has_names(facts: ModuleFacts | None) -> bool:
    return facts is not None and any(not b.name.startswith("__") for b in _last_bindings(facts))


def _last_bindings(facts: ModuleFacts) -> Iterator[Binding]:
    return (events[-1] for events in facts.bindings.values())


def _mirrors(project: Project, facts: ModuleFacts, internal: str) -> bool:
    """Whether a file only hands on what the module of the same name in ``internal`` has."""
    name = project.primary_name(facts.path) or ""
    package = Module(name, facts.path, facts).package
    last = name.rpartition(".")[2]
    targets = [
        b.source if b.form == "alias" else absolute(b.module, package) or ""
        for b in _last_bindings(facts)
        if not b.name.startswith("__") and b.form != "import"
    ]
    return bool(targets) and all(
        target.startswith(f"{internal}.") and last in target.split(".") for target in targets
    )
