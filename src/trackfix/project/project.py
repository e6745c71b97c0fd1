"""All facts of a repository together: which file is which module."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from trackfix.project.collect import collect_facts
from trackfix.project.config import Config, load_config
from trackfix.project.facts import Import, ModuleAlias, ModuleFacts
from trackfix.project.roots import find_roots, local_root, module_name
from trackfix.source.discovery import Listing, discover
from trackfix.source.document import Document, from_bytes
from trackfix.source.errors import SourceError
from trackfix.source.text import read_bytes


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that can't be read as Python, and why."""

    path: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module under one of its names. ``path`` is empty for a folder without ``__init__``,
    and the registering file's for an entry of ``sys.modules``."""

    name: str
    path: str
    facts: ModuleFacts | None
    alias: ModuleAlias | None = None

    @property
    def package(self) -> str:
        """What relative imports of the module start from."""
        if self.facts is not None and self.facts.is_package:
            return self.name
        return self.name.rpartition(".")[0]


class Project:
    """A repository as its files describe it. Files can be overlaid with other contents, or
    taken away, to see the project as it would be after an edit."""

    def __init__(
        self,
        root: Path,
        config: Config,
        listing: Listing,
        overlay: Mapping[str, bytes | None] | None = None,
        base: Project | None = None,
        step: Callable[[int, int], None] | None = None,
    ) -> None:
        self.root = root
        self.config = config
        self.listing = listing
        self.problems: list[Problem] = []
        self._overlay = dict(overlay or {})
        self._documents: dict[str, Document] = {}
        self.facts: dict[str, ModuleFacts] = {}
        paths = (*listing.python, *listing.stubs, *listing.notebooks)
        for done, path in enumerate(paths):
            if step is not None:
                step(done, len(paths))
            if path in self._overlay and self._overlay[path] is None:
                continue
            if base is not None and path not in self._overlay:
                if path in base.facts:
                    self.facts[path] = base.facts[path]
                continue
            self._read(path)
        if base is not None:
            self.problems.extend(p for p in base.problems if p.path not in self._overlay)

    def _read(self, path: str) -> None:
        try:
            document = self._load(path)
            self.facts[path] = collect_facts(path, document.tree, document.code)
        except SourceError as error:
            self.problems.append(Problem(path, error.line, error.message))
        finally:
            # Trees are some hundred times the size of their text: they are not kept.
            self._documents.pop(path, None)

    def _load(self, path: str) -> Document:
        return from_bytes(path, self.read(path))

    def read(self, path: str) -> bytes:
        """The bytes of a file, as overlaid.

        Raises:
            SourceError: the file can't be read.
        """
        data = self._overlay.get(path)
        return read_bytes(self.root / path) if data is None else data

    def document(self, path: str) -> Document:
        """The text of a file that has facts.

        Raises:
            SourceError: the file can't be read any more.
        """
        if path not in self._documents:
            self._documents[path] = self._load(path)
        return self._documents[path]

    def forget(self, path: str) -> None:
        """Drop the text of a file from memory."""
        self._documents.pop(path, None)

    def overlaid(self, overlay: Mapping[str, bytes | None]) -> Project:
        """The project as it would be with these contents; None takes a file away."""
        return Project(
            self.root, self.config, self.listing, {**self._overlay, **overlay}, base=self
        )

    @property
    def text_files(self) -> tuple[str, ...]:
        """Files of the project that are not Python."""
        return self.listing.text

    @cached_property
    def packages(self) -> frozenset[str]:
        """Folders that hold an ``__init__``."""
        return frozenset(
            str(PurePosixPath(path).parent) for path, facts in self.facts.items()
            if facts.is_package
        )

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """The source roots, most specific first, those shown by imports included."""
        declared = find_roots(self.root, self.facts, self.config)
        return declared if self.config.src else (*_shown_roots(self.facts, declared), *declared)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        table: dict[str, list[str]] = {}
        for root in self.roots:
            for path in self.facts:
                if path.endswith(".ipynb"):
                    continue
                name = module_name(path, root)
                if name is not None and path not in table.setdefault(name, []):
                    table[name].append(path)
        for paths in table.values():
            # A package hides a module of its name, and a stub only stands in for code.
            paths.sort(key=lambda path: (path.endswith(".pyi"), not self.facts[path].is_package))
        return table

    @cached_property
    def _folders(self) -> frozenset[str]:
        """Dotted names of folders that hold modules."""
        found: set[str] = set()
        for name in self._by_name:
            while (name := name.rpartition(".")[0]) and name not in found:
                found.add(name)
        return frozenset(found)

    @cached_property
    def aliases(self) -> dict[str, tuple[str, ModuleAlias]]:
        """Modules that exist only as entries of ``sys.modules``: name -> file, entry."""
        return {
            alias.name: (path, alias)
            for path, facts in self.facts.items() for alias in facts.aliases if alias.name
        }

    def names_of(self, path: str) -> tuple[str, ...]:
        """The dotted names of a file, the one under the most specific root first."""
        found = [name for root in self.roots if (name := module_name(path, root)) is not None]
        return tuple(dict.fromkeys(found))

    def primary_name(self, path: str) -> str | None:
        """The dotted name of a file under its most specific root."""
        names = self.names_of(path)
        return names[0] if names else None

    def find(self, name: str, importer: str = "") -> Module | None:
        """The module that ``import name`` would load in the file ``importer``.

        None when it is not in the project, or when two files are meant equally well.
        """
        if name in self.aliases and name not in self._by_name:
            path, alias = self.aliases[name]
            return Module(name, path, None, alias)
        paths = self._by_name.get(name, [])
        if importer:
            local = self._local(name, importer)
            if local is not None and (not paths or local in paths):
                return Module(name, local, self.facts[local])
        paths = _nearest(paths, importer)
        if paths:
            return Module(name, paths[0], self.facts[paths[0]])
        if name in self._folders and name not in self._by_name:
            return Module(name, "", None)
        return None

    def _local(self, name: str, importer: str) -> str | None:
        """The file that stands beside ``importer`` under this name, as scripts and tests
        import it; None when their other imports show that a library of that name is meant."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or importer not in self.facts:
            return None
        folder = local_root(importer, self.packages)
        found = self._file_below(folder, name)
        if found is None:
            return None
        for statement in self.facts[importer].imports:
            if statement.module.partition(".")[0] == top:
                path = self._file_below(folder, statement.module)
                if path is None or not self._has_names(folder, statement, path):
                    return None
        return found

    def _has_names(self, folder: str, statement: Import, path: str) -> bool:
        facts = self.facts[path]
        return facts.opaque or bool(facts.stars) or bool(facts.delegates) or all(
            name == "*" or name in facts.bindings or path.endswith("__init__.py")
            for name in statement.names
        )

    def _file_below(self, folder: str, name: str) -> str | None:
        stem = (f"{folder}/" if folder else "") + name.replace(".", "/")
        return next((p for p in (f"{stem}/__init__.py", f"{stem}.py") if p in self.facts), None)

    def is_submodule(self, name: str, importer: str = "") -> bool:
        """Whether ``name`` is a module of the project with a file or entry of its own."""
        return self.find(name, importer) is not None


def absolute(module: str, package: str) -> str | None:
    """The absolute name of an import as it is written, leading dots included, in a module of
    ``package``; None when it climbs out of the top-level package."""
    level = len(module) - len(module.lstrip("."))
    if not level:
        return module
    parts = package.split(".") if package else []
    if level > len(parts):
        return None
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, module[level:]] if module[level:] else base)


def open_project(root: Path, step: Callable[[int, int], None] | None = None) -> Project:
    """Read the repository at ``root``; ``step`` is told the files done and the files in all.

    Raises:
        ConfigError: the settings in its ``pyproject.toml`` can't be used.
    """
    config = load_config(root)
    return Project(root, config, discover(root, config.exclude), step=step)


def _nearest(paths: list[str], importer: str) -> list[str]:
    """The paths that share the longest folder with ``importer``; empty when two tie."""
    code = [path for path in paths if path.endswith(".py")] or paths
    folders = {str(PurePosixPath(path).with_suffix("")).removesuffix("/__init__") for path in code}
    if len(code) <= 1 or len(folders) == 1:
        return code
    shared = {path: len(os.path.commonprefix([path.split("/"), importer.split("/")]))
              for path in code}
    best = [path for path in code if shared[path] == max(shared.values())]
    return best if len(best) == 1 else []


def _shown_roots(facts: Mapping[str, ModuleFacts], declared: tuple[str, ...]) -> tuple[str, ...]:
    """Roots that no setting names, but that every import of a top-level name agrees on.

    Scripts and tests often extend ``sys.path`` at run time. A folder counts as a root when all
    absolute imports of the package ``top`` in the project name modules below ``folder/top``.
    """
    wanted: dict[str, set[str]] = {}
    for found in facts.values():
        for statement in found.imports:
            if not statement.module.startswith("."):
                wanted.setdefault(statement.module.partition(".")[0], set()).add(statement.module)
    known = {
        name.partition(".")[0]
        for root in declared for path in facts if (name := module_name(path, root))
    }
    homes: dict[str, set[str]] = {}
    stems = {str(PurePosixPath(path).with_suffix("")).removesuffix("/__init__") for path in facts
             if path.endswith(".py")}
    stems |= {str(parent) for stem in stems for parent in PurePosixPath(stem).parents}
    for stem in stems:
        folder, _, last = stem.rpartition("/")
        if folder and last in wanted and last not in known:
            homes.setdefault(last, set()).add(folder)
    shown = set()
    for top, folders in homes.items():
        deep = {module for module in wanted[top] if "." in module}
        if top in sys.stdlib_module_names or not deep:
            continue
        agreeing = [
            folder for folder in folders
            if all(f"{folder}/{module.replace('.', '/')}" in stems for module in deep)
        ]
        if len(agreeing) == 1:
            shown.add(agreeing[0])
    return tuple(sorted(shown, key=lambda name: (-name.count("/"), name)))
