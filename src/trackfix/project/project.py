"""All facts of a repository together: which file is which module."""

from __future__ import annotations

import ast
import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trackfix.project.facts.fact_table import FactTable
from trackfix.project.facts.module_facts import FactsMemory, ModuleAlias, ModuleFacts, is_package
from trackfix.project.settings.config import Config, load_config
from trackfix.project.settings.nested import nearest, nested_configs
from trackfix.project.test_paths import is_test_path
from trackfix.source.discovery import Listing, discover, is_part_of_repository
from trackfix.source.document import Document, from_bytes
from trackfix.source.errors import SourceError, not_too_deep
from trackfix.source.text import read_bytes

if TYPE_CHECKING:
    from trackfix.project.known import Known
    from trackfix.project.modules.names import ModuleNames
    from trackfix.project.run_logic.fragments import LogicMemory

# Some 100,000 lines, so that most projects are parsed once. A syntax tree and what is found out
# about it take some sixty bytes of memory for each character.
_KEPT_CHARACTERS = 4_000_000
_KEPT_BYTES = 64_000_000


class Problem(NamedTuple):
    """A file that can't be read as Python, and why; ``out_of_reach`` if it can't be read at all."""

    path: str
    line: int | None
    message: str
    out_of_reach: bool = False


class Module:
    """A module under one of its names. ``path`` is empty for a folder without ``__init__``,
    and the registering file's for an entry of ``sys.modules``."""

    __slots__ = ("_facts", "alias", "name", "path")

    def __init__(
        self,
        name: str,
        path: str,
        facts: ModuleFacts | FactTable | None,
        alias: ModuleAlias | None = None,
    ) -> None:
        """``facts`` are those of the file, or the table to ask for them."""
        self.name = name
        self.path = path
        self.alias = alias
        self._facts = facts

    @property
    def facts(self) -> ModuleFacts | None:
        """The facts of its file; None if it has no file of its own."""
        if isinstance(self._facts, FactTable):
            self._facts = self._facts[self.path]
        return self._facts

    @property
    def package(self) -> str:
        """What relative imports of the module start from."""
        if self._facts is not None and is_package(self.path):
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
    ) -> None:
        self.root = root
        self._folder = str(root)
        self.config = config
        self.listing = listing
        self.problems: list[Problem] = []
        self._overlay = dict(overlay or {})
        self._documents: dict[str, Document] = {}
        self._kept = 0
        self._bytes: dict[str, bytes] = base._bytes if base is not None else {}
        self._room = _KEPT_BYTES - sum(map(len, self._bytes.values()))
        paths = (*listing.python, *listing.stubs, *listing.notebooks)
        paths = tuple(path for path in paths if self._overlay.get(path, b"") is not None)
        if base is not None:
            paths = tuple(path for path in paths if path in self._overlay or path in base.facts)
        self.known: Known | None = None
        self.logic_memory: LogicMemory | None = None
        self.facts_memory: FactsMemory | None = None
        # How many processes may share what is much to do; as many as processors by default.
        self.jobs: int | None = base.jobs if base is not None else None
        self.facts: FactTable = FactTable(paths, self._parse_facts, self.read)
        if base is not None:
            self.facts.share(base.facts, (path for path in paths if path not in self._overlay))
            self.problems.extend(p for p in base.problems if p.path not in self._overlay)
            self.read_all(path for path in paths if path in self._overlay)

    def read_all(
        self,
        paths: Iterable[str] | None = None,
        step: Callable[[int, int], None] | None = None,
    ) -> None:
        """Read these files, or all, now, and leave out those that can't be read as Python. ``step``
        is told the files done and the files in all."""
        wanted = list(self.facts if paths is None else paths)
        with collector_paused():
            for done, path in enumerate(wanted):
                if step is not None:
                    step(done, len(wanted))
                self.facts[path]
        self.facts.drop_unreadable()

    def is_python(self, path: str) -> bool:
        """Whether a file can be read as Python; else it is taken down as a problem."""
        try:
            _ = self.document(path).tree
        except SourceError:
            self.facts[path]
        return not self.facts.is_unreadable(path)

    def _parse_facts(self, path: str) -> ModuleFacts | None:
        memory = self.facts_memory
        known = memory.get(path) if memory is not None else None
        if known is not None:
            return known
        from trackfix.project.facts.collect import collect_facts

        try:
            document = self._document(path)
            with not_too_deep("tell what it defines"):
                facts = collect_facts(path, document.tree, document.code)
        except SourceError as error:
            out_of_reach = isinstance(error.__cause__, OSError)
            self.problems.append(Problem(path, error.line, error.message, out_of_reach))
            return None
        if memory is not None:
            memory.put(path, facts)
        return facts

    def _load(self, path: str) -> Document:
        return from_bytes(path, self.read(path))

    def read(self, path: str) -> bytes:
        """The bytes of a file, as overlaid.

        Raises:
            SourceError: the file can't be read.
        """
        data = self._overlay.get(path)
        if data is None:
            data = self._bytes.get(path)
        if data is None:
            # Joining paths as such takes as long as it takes to read a file.
            data = read_bytes(os.path.join(self._folder, path))
            if len(data) <= self._room:
                self._room -= len(data)
                self._bytes[path] = data
        return data

    def read_if_possible(self, path: str) -> bytes:
        """The bytes of a file; none of one that can't be read."""
        try:
            return self.read(path)
        except SourceError:
            return b""

    def document(self, path: str) -> Document:
        """The text of a file. Those that were asked for last are kept in memory.

        Raises:
            SourceError: the file can't be read any more.
        """
        document = self._document(path)
        self.facts.asked.note_tree(document)
        return document

    def _document(self, path: str) -> Document:
        document = self._documents.pop(path, None)
        if document is None:
            document = self._load(path)
            self._kept += len(document.code)
        self._documents[path] = document
        while self._kept > _KEPT_CHARACTERS and len(self._documents) > 1:
            oldest = next(iter(self._documents))
            gone = self._documents.pop(oldest)
            self._kept -= len(gone.code)
            gone.forget_analyses()
        return document

    def overlaid(self, overlay: Mapping[str, bytes | None]) -> Project:
        """The project as it would be with these contents; None takes a file away."""
        return Project(
            self.root, self.config, self.listing, {**self._overlay, **overlay}, base=self
        )

    @property
    def is_part_of_repository(self) -> bool:
        """Whether its repository may hold other projects, which are not read."""
        return is_part_of_repository(self.root)

    @cached_property
    def nested_configs(self) -> dict[str, Config]:
        """The settings of folders that have some of their own.

        Raises:
            ConfigError: they can't be used.
        """
        return nested_configs(self.config, self.root, self.text_files, self.read)

    def config_for(self, path: str) -> Config:
        """The settings nearest to a file."""
        return nearest(self.nested_configs, path, self.config)

    @property
    def text_files(self) -> tuple[str, ...]:
        """Files of the project that are not Python."""
        return self.listing.text

    @property
    def pickles(self) -> tuple[str, ...]:
        """Files of the project that name modules for whoever unpickles them."""
        return self.listing.pickles

    def take_over(self, known: Known) -> None:
        """Go by what is known of the project already, instead of finding it out."""
        self.known = known
        self.facts.module_setters = known.module_setters
        self.facts.attribute_setters = known.attribute_setters

    def _declared_roots(self) -> tuple[str, ...]:
        from trackfix.project.modules.roots import find_roots

        return find_roots(self.root, self.facts, self.config)

    @cached_property
    def _names(self) -> ModuleNames:
        from trackfix.project.modules.names import ModuleNames

        fixed = bool(self.config.src) or self.known is not None
        known = self.known.roots if self.known is not None else None
        declared = known or self._declared_roots()
        return ModuleNames(self.root, self.facts, declared, fixed=fixed, parse=self._parse)

    def _parse(self, path: str) -> ast.Module | None:
        try:
            return self.document(path).tree
        except SourceError:
            return None

    @property
    def packages(self) -> frozenset[str]:
        """Folders that hold an ``__init__``."""
        return self._names.packages

    @property
    def roots(self) -> tuple[str, ...]:
        """The source roots, most specific first, those shown by imports included."""
        return self._names.roots

    @cached_property
    def aliases(self) -> dict[str, tuple[str, ModuleAlias]]:
        """Modules that exist only as entries of ``sys.modules``: name -> file, entry."""
        return {
            alias.name: (path, alias)
            for path in self.facts.module_setters
            for alias in self.facts[path].aliases
            if alias.name and not _is_put_back(self.facts[path], alias)
        }

    def names_of(self, path: str) -> tuple[str, ...]:
        """The dotted names of a file, the one under the most specific root first."""
        return self._names.of(path)

    def primary_name(self, path: str) -> str | None:
        """The dotted name of a file under its most specific root."""
        names = self.names_of(path)
        return names[0] if names else None

    def find(self, name: str, importer: str = "") -> Module | None:
        """The module that ``import name`` would load in the file ``importer``.

        None when it is not in the project, or when two files are meant equally well.
        """
        entry = self.aliases.get(name) if name not in self._names.by_name else None
        # What a test puts there is its double, and there for the tests alone.
        if entry is not None and not is_test_path(entry[0]):
            return Module(name, entry[0], None, entry[1])
        found = self._names.find(name, importer)
        if found is None:
            return None
        return Module(name, found, self.facts if found else None)

    def may_import(self, names: Collection[str]) -> set[str]:
        """The files in which an import may name one of these modules, as far as bytes tell."""
        found = self.facts.may_import(names)
        return {path for path in found if self.may_import_any(path, names)}

    def may_import_any(self, path: str, names: Collection[str]) -> bool:
        """The same of one file."""
        seen = self.facts.glance(path)
        # What is no UTF-8 is of another encoding, or no word at all.
        named = [name.decode(errors="replace") for name in (*seen.modules, *seen.members)]
        if any(name in names for name in named):
            return True
        relative = [name for name in named if name.startswith(".")]
        packages = {
            Module(own, path, self.facts).package for own in self.names_of(path) if relative
        }
        return any(absolute(name, around) in names for name in relative for around in packages)

    def is_submodule(self, name: str, importer: str = "") -> bool:
        """Whether ``name`` is a module of the project with a file or entry of its own."""
        return self.find(name, importer) is not None

    def is_unclear(self, name: str, importer: str = "") -> bool:
        """Whether several files of the project may be the module ``name`` for ``importer``."""
        return self._names.is_unclear(name, importer)

    def leads_to(self, name: str, path: str, importer: str) -> bool:
        """Whether an import of ``name`` that is put into ``importer`` would load the file ``path``,
        and none that has only its name."""
        return self._names.leads_to(name, path, importer)

    def is_compiled(self, name: str, importer: str = "") -> bool:
        """Whether ``name`` is an extension module that lies among the project's files."""
        return self._names.is_compiled(name, importer)


def _is_put_back(facts: ModuleFacts, alias: ModuleAlias) -> bool:
    """Whether an entry of ``sys.modules`` is the very module of its name, as after ``import x``:
    what changes a module may put it there once more."""
    top = alias.target.partition(".")[0]
    imported = top if alias.target == alias.name else alias.name
    if "." in alias.target and alias.target != alias.name:
        return False
    bound = facts.bindings.get(top, ())
    return bool(bound) and all(b.form == "import" and b.module == imported for b in bound)


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
    project = Project(root, config, discover(root, config.exclude))
    _ = project.nested_configs
    project.read_all(step=step)
    return project


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without garbage collection: trees have no cycles, and it would walk all facts each time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
