"""Re-export modules that are somebody's interface, although only their form can be seen.

That all names of a module come from elsewhere is no proof that it is kept for old imports. In
published packages most such modules are meant: an ``api`` that gathers, a private module that
picks, a package that shows to users what a second one, internal by agreement, defines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping

from trackfix.project.facts.module_facts import Binding, ModuleFacts
from trackfix.project.modules.resolution import Resolution
from trackfix.project.project import Module, Project, absolute
from trackfix.source.patterns import lazy_pattern

# Parts of a dotted name that tell users to stay out as an underscore does.
_INTERNAL = frozenset({"internal", "internals"})
_VERSIONS = frozenset({"__version__", "_version", "version", "__about__"})
_INTERFACES = frozenset({"api", "_api", "public"})
# A namespace that is called by its version is promised to users of that version.
_VERSION = lazy_pattern(r"v\d+((a|b|rc|alpha|beta|p)\d*)*")
_OLD = lazy_pattern(r"legacy|deprecat|obsolete|shim|(?<![a-z])(?:old|backports?)(?![a-z])")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What the first lines of a docstring say of a module that is only kept.
_KEPT = lazy_pattern(
    r"legacy|deprecat|obsolete|shim|moved|backward|compat|re-?export|\bold\b", re.IGNORECASE
)
# Of many modules with the same tail one may be a chance; three are a plan.
_FEWEST_MIRRORS = 3


def is_private_part(part: str) -> bool:
    """Whether users are not to name what stands below this part of a dotted name."""
    return part.startswith("_") or part in _INTERNAL


def is_face(
    project: Project, module: Module, names: Mapping[str, Resolution], homes: Collection[str]
) -> str:
    """Why a module is taken for an interface; empty if nothing speaks for that. ``names`` are those
    that it hands on, ``homes`` the modules of the project that they come from."""
    last = module.name.rpartition(".")[2]
    if _OLD.search(module.name):
        return ""
    if last in _VERSIONS:
        return "tells the version"
    if last in _INTERFACES:
        return "its name says that it is an interface"
    version = next((part for part in module.name.split(".") if _VERSION.fullmatch(part)), "")
    if version:
        return f"belongs to version {version} of an interface"
    if last.startswith("_"):
        return "private, and nothing says that it is old"
    own = _own_names(module, names)
    if own and "compat" not in last:
        return f"gives names of its own: {', '.join(own[:3])}"
    if _shows_how_to_import(project, module):
        return "its docstring shows how to import from it"
    example = _in_example(project, module, homes)
    if example:
        return f"examples in {example} import from it"
    line = _explained(project, module)
    if line:
        return f"line {line}: says in words of its own what is not installed"
    line = _stands_in(project, module, names)
    if line:
        return f"line {line}: has a stand-in of its own for what cannot be imported"
    package = _promised(project, module, homes)
    if package:
        return f"part of {package}, which calls itself public"
    shown = mirrored(project, module, homes)
    return f"shows modules of {shown} under the same names, as others beside it do" if shown else ""


def _own_names(module: Module, names: Mapping[str, Resolution]) -> list[str]:
    """Names that a module makes up for what it hands on: nobody else has them. One that another
    shim on the way renamed, and that is called here as it is at home, is none of them."""
    found = module.facts.bindings if module.facts is not None else {}
    last = (found[name][-1] for name in sorted(names) if name in found)
    return [
        b.name
        for b in last
        if b.form in ("import-from", "alias")
        and b.name not in (b.source.rpartition(".")[2], names[b.name].name)
    ]


def _shows_how_to_import(project: Project, module: Module) -> bool:
    """Whether the docstring of a module shows to users how to import from it."""
    text = ast.get_docstring(project.document(module.path).tree, clean=False) or ""
    if _KEPT.search(re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]):
        return False
    names = {module.name, *project.names_of(module.path)}
    return any(re.search(_imports(name), text) for name in names)


def _in_example(project: Project, module: Module, homes: Collection[str]) -> str:
    """A home whose docstrings show to users how to import from a module; empty if none does."""
    for home in sorted(homes):
        found = project.find(home, module.path)
        for words in (f">>> from {module.name} import ", f">>> import {module.name}\n"):
            if found is not None and found.path and project.facts.tells(found.path, "holds", words):
                return found.path
    return ""


def _imports(name: str) -> str:
    """A pattern for statements that import a module, or something from it."""
    package, _, last = name.rpartition(".")
    whole = rf"(?:from|import) {re.escape(name)}\b(?!\.)"
    return rf"\b(?:{whole}|from {re.escape(package)} import {last}\b)" if package else whole


def _explained(project: Project, module: Module) -> int:
    """The line where a module turns a failing import into an error of its own; 0 if none does."""
    for node in project.document(module.path).tree.body:
        if isinstance(node, ast.Try) and isinstance(node.body[0], (ast.Import, ast.ImportFrom)):
            for handler in node.handlers:
                last = handler.body[-1]
                if isinstance(last, ast.Raise) and isinstance(last.exc, ast.Call):
                    return last.lineno
    return 0


def _stands_in(project: Project, module: Module, names: Collection[str]) -> int:
    """The line where a module defines what it hands on, for when the import fails; 0 if none
    does."""
    for node in project.document(module.path).tree.body:
        if isinstance(node, ast.Try):
            for statement in (s for handler in node.handlers for s in handler.body):
                if isinstance(statement, _DEFINITIONS) and statement.name in names:
                    return statement.lineno
    return 0


def _promised(project: Project, module: Module, homes: Collection[str]) -> str:
    """The package around a module, and not around the homes of its names, that is an interface by
    its name and by its own words; empty if there is none. By its name alone it may be one that
    answers requests."""
    package = module.name.rpartition(".")[0]
    while package:
        if package.rpartition(".")[2] in _INTERFACES:
            found = project.find(package, module.path)
            says = found is not None and found.facts is not None and found.facts.says_public
            if says and not any(f"{home}.".startswith(f"{package}.") for home in homes):
                return package
        package = package.rpartition(".")[0]
    return ""


def mirrored(project: Project, module: Module, homes: Collection[str]) -> str:
    """The internal package of which a public one mirrors the modules, ``module`` among them.

    Both lie beside each other. The public one has definitions of its own, and an ``__init__`` that
    shows them; that of the internal one is empty. A package that was moved looks otherwise: it
    has nothing of its own left, or no face, or the new place has one.
    """
    parts = module.name.split(".")
    homes = {_primary(project, home, module.path) for home in homes}
    pairs = {_apart(parts, home.split(".")) for home in homes}
    if len(pairs) != 1:
        return ""
    public, internal = pairs.pop()
    if not (public and internal) or public == module.name:
        return ""
    if not any(parts[-1] in home[len(internal) :].split(".") for home in homes):
        return ""
    face, inside = project.find(public, module.path), project.find(internal, module.path)
    if face is None or inside is None or not _shows_own(project, face) or _has_names(inside.facts):
        return ""
    folder = face.path.rpartition("/")[0]
    files = [path for path in project.facts if path.startswith(f"{folder}/")]
    found = [facts for path in files if (facts := project.facts.get(path)) is not None]
    defines = any(b.form in ("function", "class") for f in found for b in _last_bindings(f))
    mirrors = sum(_mirrors(project, facts, internal) for facts in found)
    return internal if defines and mirrors >= _FEWEST_MIRRORS else ""


def _primary(project: Project, name: str, importer: str) -> str:
    """A dotted name with its module by the first of its names: a file may have several."""
    module, rest = name, ""
    while module:
        found = project.find(module, importer)
        if found is not None and found.path:
            return f"{project.primary_name(found.path) or module}{rest}"
        module, dot, last = module.rpartition(".")
        rest = f"{dot}{last}{rest}"
    return name


def _apart(left: list[str], right: list[str]) -> tuple[str, str]:
    """The two packages at which two names part."""
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    return ".".join(left[: shared + 1]), ".".join(right[: shared + 1])


def _shows_own(project: Project, package: Module) -> bool:
    """Whether an ``__init__`` has something to show that is the package's own: what it defines,
    or names of its modules."""
    facts = package.facts
    if facts is None or not facts.is_package:
        return False
    for binding in _last_bindings(facts):
        if binding.form in ("function", "class") and not binding.name.startswith("_"):
            return True
        if binding.form == "import-from":
            source = absolute(binding.module, package.package) or ""
            if f"{_primary(project, source, package.path)}.".startswith(f"{package.name}."):
                return True
    return False


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
        _primary(
            project,
            b.source if b.form == "alias" else absolute(b.module, package) or "",
            facts.path,
        )
        for b in _last_bindings(facts)
        if not b.name.startswith("__") and b.form != "import"
    ]
    return bool(targets) and all(
        target.startswith(f"{internal}.") and last in target.split(".") for target in targets
    )
