"""Which files may load another one, as far as their bytes tell."""

from __future__ import annotations

from trackfix.project.facts.module_facts import is_package
from trackfix.project.modules.roots import parent_folder
from trackfix.project.project import Project

# More of them take longer to find than to read the syntax of what they import.
_MOST = 40


def possible_importers(project: Project, path: str) -> frozenset[str] | None:
    """The files that may load ``path`` when all of their code runs, at once or through others,
    itself included; None if they are many. Never fewer than an `ImportGraph` of all imports knows
    of, but found without reading their syntax."""
    registered: dict[str, list[str]] = {}
    for name, (setter, _) in project.aliases.items():
        registered.setdefault(setter, []).append(name)
    seen = {path}
    stack = [path]
    while stack:
        current = stack.pop()
        names = {*_names(current), *registered.get(current, ())}
        if not all(map(str.isascii, names)):
            return None  # a file may spell these in other bytes, by its encoding and its accents
        names |= {old for old, new in project.config.renames.items() if new in names}
        found = project.facts.may_import(names)
        if is_package(current):
            # Whatever imports a module loads the packages around it.
            folder = f"{parent_folder(current)}/"
            found.update(other for other in project.facts if other.startswith(folder))
        stack.extend(found - seen)
        seen |= found
        if len(seen) > _MOST:
            return None
    return frozenset(seen)


def _names(path: str) -> list[str]:
    """All dotted names that a file can have, whichever folder is on the path."""
    parts = path.rpartition(".")[0].removesuffix("/__init__").split("/")
    return [".".join(parts[start:]) for start in range(len(parts))]
