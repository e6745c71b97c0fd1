"""Source roots: the folders from which a project's modules are imported."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from trackfix.project.config import Config, ConfigError
from trackfix.project.declared import declared_roots
from trackfix.project.facts import Import, ModuleFacts

_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini")


def module_name(path: str, root: str) -> str | None:
    """The dotted name of the file ``path`` seen from ``root``; None when it has none there."""
    if root and not path.startswith(root + "/"):
        return None
    parts = path[len(root) + 1 if root else 0 :].split("/")
    parts[-1] = parts[-1].rpartition(".")[0]
    if parts[-1] == "__init__":
        parts.pop()
    if not parts or not all(map(str.isidentifier, parts)):
        return None
    return ".".join(parts)


def parent_folder(path: str) -> str:
    """The folder of a relative path; empty for the project's own."""
    return path.rpartition("/")[0]


def find_roots(root: Path, files: Iterable[str], config: Config) -> tuple[str, ...]:
    """The source roots below ``root``, most specific first; ``""`` is ``root`` itself.

    ``[tool.trackfix] src`` overrules what is found: package folders that the build tools'
    settings name, pytest's ``pythonpath``, and ``src`` folders that are no packages.

    Raises:
        ConfigError: a root named in the settings is no folder of the project.
    """
    if config.src:
        for name in config.src:
            if not (root / name).is_dir():
                raise ConfigError(f"pyproject.toml: [tool.trackfix] src: no folder '{name}'")
        return _sorted({_normal(name) for name in config.src})
    paths = list(files)
    packages = {parent_folder(path) for path in paths if path.endswith("/__init__.py")}
    folders = {""}
    for path in paths:
        while (path := parent_folder(path)) and path not in folders:
            folders.add(path)
    found = {""}
    for folder in folders:
        if folder in packages:
            # A setup.py inside of a package builds a part of it.
            continue
        if folder.rpartition("/")[2] == "src":
            found.add(folder)
        if any((root / folder / name).is_file() for name in _PROJECT_FILES):
            found.add(folder)
            for declared in declared_roots(root / folder):
                candidate = _normal(f"{folder}/{declared}" if folder else declared)
                if candidate in folders:
                    found.add(candidate)
    return _sorted(found)


def find_shown_roots(
    facts: Mapping[str, ModuleFacts], declared: tuple[str, ...]
) -> tuple[str, ...]:
    """Roots that no setting names, but that every import of a top-level name agrees on.

    Scripts and tests often extend ``sys.path`` at run time. A folder counts as a root when all
    absolute imports of the package ``top`` in the project name modules below ``folder/top``, or
    all take names from ``folder/top.py`` that it binds.
    """
    wanted = _wanted(facts)
    for root in declared:
        for path in facts:
            name = module_name(path, root)
            if name is not None:
                wanted.pop(name.partition(".")[0], None)
    modules = {
        path.rpartition(".")[0].removesuffix("/__init__"): path
        for path in facts
        if path.endswith(".py")
    }
    stems = set(modules)
    for stem in modules:
        while (stem := parent_folder(stem)) and stem not in stems:
            stems.add(stem)
    packages = {parent_folder(path) for path in modules.values() if path.endswith("__init__.py")}
    homes: dict[str, list[str]] = {}
    for stem in stems:
        folder, _, last = stem.rpartition("/")
        if folder and last in wanted:
            homes.setdefault(last, []).append(folder)
    shown = set()
    for top, folders in homes.items():
        # A file inside a package is imported as a part of it, whatever library it is named like.
        is_deep = any("." in statement.module for statement in wanted[top])
        possible = [f for f in folders if is_deep or f not in packages]
        agreeing = [f for f in possible if _agree(wanted[top], f, stems, modules, facts)]
        if len(agreeing) == 1:
            shown.add(agreeing[0])
    return _sorted(shown)


def _wanted(facts: Mapping[str, ModuleFacts]) -> dict[str, list[Import]]:
    """The absolute imports of a project by top-level name, but for those of a file beside."""
    packages = frozenset(parent_folder(path) for path, found in facts.items() if found.is_package)
    wanted: dict[str, list[Import]] = {}
    for path, found in facts.items():
        folder = local_root(path, packages)
        prefix = f"{folder}/" if folder else ""
        for statement in found.imports:
            top = statement.module.partition(".")[0]
            if top and top not in sys.stdlib_module_names and f"{prefix}{top}.py" not in facts:
                wanted.setdefault(top, []).append(statement)
    return wanted


def _agree(
    statements: Iterable[Import],
    folder: str,
    stems: set[str],
    modules: Mapping[str, str],
    facts: Mapping[str, ModuleFacts],
) -> bool:
    proof = False
    for statement in statements:
        stem = f"{folder}/{statement.module.replace('.', '/')}"
        if stem not in stems:
            return False
        path = modules.get(stem)
        found = facts[path] if path else None
        if found is None or not (found.opaque or found.stars or found.delegates):
            bound = found.bindings if found else {}
            lacking = (n not in bound and f"{stem}/{n}" not in stems for n in statement.names)
            if "." not in statement.module and any(lacking):
                return False
        proof |= "." in statement.module or bool(statement.names)
    return proof


def local_root(path: str, packages: frozenset[str]) -> str:
    """The folder that Python or pytest puts on the path to run ``path``: the first one above
    it that is no package."""
    folder = parent_folder(path)
    while folder and folder in packages:
        folder = parent_folder(folder)
    return folder


def _sorted(roots: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(roots, key=lambda name: (-name.count("/") - bool(name), name)))


def _normal(folder: str) -> str:
    text = str(PurePosixPath(folder or "."))
    return "" if text == "." else text
