"""Which file an import means: the modules of a project under all their names."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from trackfix.project.facts.fact_table import FactTable
from trackfix.project.facts.module_facts import Import, is_package
from trackfix.project.modules.roots import (
    SourceTree,
    find_own_roots,
    find_shown_roots,
    folders_above,
    local_root,
    module_name,
    parent_folder,
    root_of,
)
from trackfix.project.modules.unlisted import COMPILED

# Where an importer looks for a top-level name.
_ROOTS, _BESIDE, _OUTSIDE, _UNCLEAR = "roots", "beside", "outside", "unclear"

Parse = Callable[[str], ast.Module | None]


class ModuleNames:
    """The dotted names of a project's files under its source roots.

    A top-level module or a folder without ``__init__`` may have the name of a library that the
    importer means. So its imports are asked: it is the project's own module only for an importer
    all of whose imports from it can be met. The standard library and a script's own folder are
    weighed the same way.
    """

    def __init__(
        self,
        root: Path,
        facts: FactTable,
        declared: tuple[str, ...],
        *,
        fixed: bool,
        parse: Parse,
    ) -> None:
        self._root = root
        self._facts = facts
        self._parse = parse
        self.roots = declared
        if not fixed:
            tree = SourceTree(facts)
            shown = dict.fromkeys((*find_shown_roots(tree, declared), *declared))
            found = dict.fromkeys((*find_own_roots(tree, tuple(shown)), *shown))
            # A package may be a root as well, but its modules have longer names first of all.
            self.roots = tuple(sorted(found, key=lambda folder: folder in self.packages))
        self._names: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, str], str | None] = {}
        self._places: dict[tuple[str, str], str] = {}
        self._statements: dict[str, dict[str, list[Import]]] = {}
        self._used: dict[str, bool] = {}
        self._taken: dict[str, dict[str, set[str]]] = {}
        self._entries: dict[str, frozenset[str]] = {}
        self._below: dict[str, dict[str, list[str]]] = {}
        self._rooted: dict[str, set[str]] = {}

    @cached_property
    def packages(self) -> frozenset[str]:
        """Folders that hold an ``__init__``."""
        return frozenset(parent_folder(path) for path in self._facts if is_package(path))

    @cached_property
    def by_name(self) -> dict[str, list[str]]:
        """All files of each dotted name, code before stubs and packages before modules."""
        table: dict[str, list[str]] = {}
        modules = (path for path in self._facts if not path.endswith(".ipynb"))
        found = [(rank, path) for path in modules for rank in self._ranks_above(path)]
        for rank, path in sorted(found, key=lambda item: item[0]):
            name = module_name(path, self.roots[rank])
            if name is not None and path not in table.setdefault(name, []):
                table[name].append(path)
        for paths in table.values():
            # A package hides a module of its name, and a stub only stands in for code.
            paths.sort(key=lambda path: (path.endswith(".pyi"), not is_package(path)))
        return table

    @cached_property
    def folders(self) -> frozenset[str]:
        """Dotted names of what holds modules."""
        found: set[str] = set()
        for name in self.by_name:
            while (name := name.rpartition(".")[0]) and name not in found:
                found.add(name)
        return frozenset(found)

    @cached_property
    def _directories(self) -> frozenset[str]:
        found: set[str] = set()
        for path in self._facts:
            while (path := parent_folder(path)) and path not in found:
                found.add(path)
        return frozenset(found)

    def of(self, path: str) -> tuple[str, ...]:
        """The dotted names of a file, the one under the most specific root first."""
        names = self._names.get(path)
        if names is None:
            roots = (self.roots[rank] for rank in self._ranks_above(path))
            found = (module_name(path, root) for root in roots)
            names = tuple(dict.fromkeys(name for name in found if name is not None))
            self._names[path] = names
        return names

    @cached_property
    def _ranks(self) -> dict[str, int]:
        return {root: rank for rank, root in enumerate(self.roots)}

    def _ranks_above(self, path: str) -> list[int]:
        """The places among the roots of those that are folders around a file."""
        found = [self._ranks.get("", -1)]
        while path := parent_folder(path):
            found.append(self._ranks.get(path, -1))
        return sorted(rank for rank in found if rank >= 0)

    def find(self, name: str, importer: str) -> str | None:
        """The file that ``import name`` loads in ``importer``; empty for a bare folder, None
        when it is not in the project or several files are meant equally well."""
        key = (name, importer)
        if key not in self._found:
            self._found[key] = self._find(name, importer)
        return self._found[key]

    def is_unclear(self, name: str, importer: str) -> bool:
        """Whether several files of the project are meant equally well."""
        if importer in self._facts and self._place(name.partition(".")[0], importer) == _UNCLEAR:
            return True
        return len(self.by_name.get(name, ())) > 1 and not self._nearest(name, importer)

    def leads_to(self, name: str, path: str, importer: str) -> bool:
        """Whether ``import name`` loads the file ``path`` in ``importer``, and not one of its own
        package of that top-level name: each of the services of a repository has its ``app``."""
        if importer == path:
            return True
        first = name.partition(".")[0]
        is_named = self.find(name, importer) == path and not self.is_unclear(first, importer)
        if not is_named or self._is_left_behind(path, importer):
            return False
        if self._is_run_elsewhere(name, path, importer) and not self._imports(first, importer):
            return False
        top = self.find(first, importer)
        if not top or not is_package(top) or "__path__" in self._facts[top].bindings:
            return True
        return path.startswith(f"{parent_folder(top)}/")

    def _is_left_behind(self, path: str, importer: str) -> bool:
        """Whether ``importer`` stands in a package that is a root as well, and ``path`` outside:
        where that is the root, nothing leads out of it."""
        around = (root for root in folders_above(importer) if root and root in self._ranks)
        return any(root in self.packages and not path.startswith(f"{root}/") for root in around)

    def _is_run_elsewhere(self, name: str, path: str, importer: str) -> bool:
        """Whether a file goes by the folders around its package, as ``backup.app.clients``, and
        another package has the name of that, or ``importer`` takes modules from its own folder:
        such folders are roots themselves when they are run."""
        inner = module_name(path, local_root(path, self.packages))
        if inner is None or inner == name:
            return False
        tops = {statement.module.partition(".")[0] for statement in self._facts[importer].imports}
        is_copy = inner.partition(".")[0] in self.by_name
        return is_copy or any(top and self._place(top, importer) == _BESIDE for top in tops)

    def is_compiled(self, name: str, importer: str) -> bool:
        """Whether ``name`` is an extension module beside the project's own files."""
        package, _, last = name.rpartition(".")
        path = self.find(package, importer) if package else None
        if not path:
            return False
        folder = parent_folder(path)
        if folder not in self._entries:
            try:
                entries = os.listdir(self._root / folder)
            except OSError:
                entries = []
            self._entries[folder] = frozenset(
                entry.partition(".")[0] for entry in entries if entry.endswith(COMPILED)
            )
        return last in self._entries[folder]

    def _find(self, name: str, importer: str) -> str | None:
        place = _ROOTS
        if importer in self._facts:
            place = self._place(name.partition(".")[0], importer)
        if place == _BESIDE:
            return self._beside(name, importer)
        if place != _ROOTS:
            return None
        paths = self._nearest(name, importer)
        if paths:
            return paths[0]
        return "" if name in self.folders and name not in self.by_name else None

    def _nearest(self, name: str, importer: str) -> list[str]:
        """The files of a name that share the longest folder with ``importer``; none when two of
        them tie, or when another one stands below a root around ``importer`` and they don't."""
        if name not in self._below:
            paths = self.by_name.get(name, [])
            self._below[name] = _by_folders(paths)
            self._rooted[name] = {root_of(path, name) for path in paths}
        below, roots = self._below[name], self._rooted[name]
        # Who asks for no file asks from the project's own folder.
        around = (*folders_above(importer), "")
        found = next((below[folder] for folder in around if folder in below), [])
        if len({_stem(path) for path in found}) != 1:
            return []
        is_around = root_of(found[0], name) in around
        return found if is_around or roots.isdisjoint(around) else []

    def _beside(self, name: str, importer: str) -> str | None:
        """The file of this name that stands beside a script or test."""
        folder = local_root(importer, self.packages)
        stem = (f"{folder}/" if folder else "") + name.replace(".", "/")
        for path in (f"{stem}/__init__.py", f"{stem}.py", f"{stem}/__init__.pyi", f"{stem}.pyi"):
            if path in self._facts:
                return path
        return "" if stem in self._directories else None

    def _place(self, top: str, importer: str) -> str:
        key = (top, importer)
        if key not in self._places:
            self._places[key] = self._weigh(top, importer)
        return self._places[key]

    def _weigh(self, top: str, importer: str) -> str:
        rooted = top in self.by_name or top in self.folders
        beside = self._beside(top, importer)
        if not rooted and not beside:
            return _ROOTS
        in_roots = rooted and self._fits_roots(top, importer)
        # Where the roots lead to the same file, they also know its stubs and compiled modules.
        is_beside = bool(beside) and beside != importer and beside not in self.by_name.get(top, ())
        if is_beside and self._is_around(beside or "", top, importer):
            is_beside = False
        if is_beside and self._fits(top, importer, lambda name: self._beside(name, importer)):
            return _UNCLEAR if in_roots else _BESIDE
        return _ROOTS if in_roots or self._is_used(top) else _OUTSIDE

    def _is_around(self, path: str, top: str, importer: str) -> bool:
        """Whether a file that imports nothing of ``top`` stands in a package of this name that goes
        by a longer one: what it names in another way is what its package is named after."""
        inside = is_package(path) and importer.startswith(f"{parent_folder(path)}/")
        return inside and bool(self.of(path)) and not self._imports(top, importer)

    def _fits_roots(self, top: str, importer: str) -> bool:
        paths = self.by_name.get(top, ())
        in_package = any(map(is_package, paths))
        if in_package and top not in sys.stdlib_module_names:
            return True
        if importer in paths and len(paths) == 1 and not in_package:
            # No module imports itself: it is named like what it uses.
            return not self._imports(top, importer)

        def find(name: str) -> str | None:
            found = self._nearest(name, importer)
            return found[0] if found else ("" if name in self.folders else None)

        return self._fits(top, importer, find)

    def _is_used(self, top: str) -> bool:
        """Whether some file takes a name from the only file of a top-level name: then another
        one that takes what is not there is mistaken, and means no library."""
        paths = self.by_name.get(top, [])
        if len(paths) != 1 or top in sys.stdlib_module_names:
            return False
        if top not in self._used:
            self._used[top] = any(
                name in self._facts[paths[0]].bindings
                for importer, _ in self._facts.importing_from([top])
                if importer != paths[0]
                for statement in self._imports(top, importer)
                for name in statement.names
            )
        return self._used[top]

    def _imports(self, top: str, importer: str) -> list[Import]:
        if importer not in self._statements:
            table: dict[str, list[Import]] = {}
            for statement in self._facts[importer].imports:
                table.setdefault(statement.module.partition(".")[0], []).append(statement)
            self._statements[importer] = table
        return self._statements[importer].get(top, [])

    def _fits(self, top: str, importer: str, find: Callable[[str], str | None]) -> bool:
        """Whether the module that ``find`` gives for ``top`` meets the imports of ``importer``.

        A file comes before a library, so one import that it meets is enough. A library comes
        before a folder, which has to meet them all.
        """
        statements = self._imports(top, importer)
        met: list[bool] = []
        for statement in statements:
            path = find(statement.module)
            if path is None or ("." in statement.module and not statement.names):
                met.append(path is not None)
            else:
                met += [self._has(path, statement.module, name, find) for name in statement.names]
        if not met and statements:
            path = find(top) or ""
            met += [self._has(path, top, name, find) for name in self._attributes(top, importer)]
        if met:
            return any(met) if find(top) else all(met)
        # Without a sign, a plain file is taken for what it looks like; a folder may be anything.
        return not statements or (bool(find(top)) and top not in sys.stdlib_module_names)

    def _has(self, path: str, module: str, name: str, find: Callable[[str], str | None]) -> bool:
        if name == "*" or (name.startswith("__") and name.endswith("__")):
            return bool(path)
        if find(f"{module}.{name}") is not None:
            return True
        if not path:
            return False
        facts = self._facts[path]
        return bool(
            name in facts.bindings
            or "__getattr__" in facts.bindings
            or facts.opaque
            or facts.stars
            or facts.delegates
            or facts.aliases
            or self.is_compiled(f"{module}.{name}", "")
        )

    def _attributes(self, top: str, importer: str) -> set[str]:
        """The attributes that ``importer`` takes from the module ``top`` that it imports."""
        if importer not in self._taken:
            tree = self._parse(importer)
            self._taken[importer] = _taken_attributes(tree) if tree is not None else {}
        return self._taken[importer].get(top, set())


def _taken_attributes(tree: ast.AST) -> dict[str, set[str]]:
    """The attributes that a file takes from each module that it imports as a whole. A file may
    import many that there are two of, and is long to look through."""
    called: dict[str, set[str]] = {}
    taken: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                called.setdefault(alias.name, set()).add(alias.asname or alias.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            taken.setdefault(node.value.id, set()).add(node.attr)
    return {
        module: set().union(*(taken.get(name, ()) for name in names))
        for module, names in called.items()
    }


def _by_folders(paths: list[str]) -> dict[str, list[str]]:
    """Those of some files of one name that count, by all folders around them: code if there is any,
    else stubs."""
    found: dict[str, list[str]] = {}
    for path in [path for path in paths if path.endswith(".py")] or paths:
        for folder in folders_above(path):
            found.setdefault(folder, []).append(path)
    return found


def _stem(path: str) -> str:
    return path.rpartition(".")[0].removesuffix("/__init__")
