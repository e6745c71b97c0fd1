"""Source roots: the folders from which a project's modules are imported."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from trackfix.project.facts.fact_table import FactTable
from trackfix.project.facts.module_facts import Import, is_package
from trackfix.project.modules.declared import declared_roots
from trackfix.project.modules.unlisted import PROJECT_FILES, folders_around, package_folders
from trackfix.project.settings.config import Config


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


def folders_above(path: str) -> Iterator[str]:
    """The folders around a relative path, the project's own last."""
    while path:
        path = parent_folder(path)
        yield path


def find_roots(root: Path, files: Iterable[str], config: Config) -> tuple[str, ...]:
    """The source roots below ``root``, most specific first; ``""`` is ``root`` itself.

    ``[tool.trackfix] src`` overrules what is found: package folders that the build tools'
    settings name, pytest's ``pythonpath``, and ``src`` folders that are no packages.
    """
    if config.src:
        return _sorted({_normal(name) for name in config.src})
    paths = list(files)
    folders = folders_around(paths)
    found = {""}
    for folder in folders - package_folders(paths):
        if folder.rpartition("/")[2] == "src":
            found.add(folder)
        if any((root / folder / name).is_file() for name in PROJECT_FILES):
            found.add(folder)
            for declared in declared_roots(root / folder):
                candidate = _normal(f"{folder}/{declared}" if folder else declared)
                if candidate in folders:
                    found.add(candidate)
    return _sorted(found)


def find_shown_roots(tree: SourceTree, declared: tuple[str, ...]) -> tuple[str, ...]:
    """Roots that no setting names, but that every import of a top-level name agrees on.

    Scripts and tests often extend ``sys.path`` at run time. A folder counts as a root when all
    absolute imports of the package ``top`` in the project name modules below ``folder/top``, or
    all take names from ``folder/top.py`` that it binds.
    """
    facts, roots = tree.facts, frozenset(declared)
    known = {
        name.partition(".")[0]
        for path in facts
        for root in roots.intersection(folders_above(path))
        if (name := module_name(path, root)) is not None
    }
    known |= sys.stdlib_module_names
    homes: dict[str, list[str]] = {}
    for folder, last in tree.places():
        if folder and last not in known:
            homes.setdefault(last, []).append(folder)
    importers = _importers(facts, homes)
    shown = set()
    for top, paths in importers.items():
        if not _may_prove(facts, top, paths):
            continue
        agreeing, is_deep = _RootSearch(tree, top, homes[top]).agreeing(paths)
        # A file inside a package is imported as a part of it, whatever library it is named like.
        possible = [f for f in agreeing if is_deep or f not in tree.packages]
        if len(possible) == 1:
            shown.add(possible[0])
    return _sorted(shown)


def find_own_roots(tree: SourceTree, roots: tuple[str, ...]) -> tuple[str, ...]:
    """Roots that have a top-level name in common with other folders: each of the services of a
    repository has its ``app``.

    Such a folder counts as a root when all absolute imports of the name in the files below it find
    there what they import, unless a root around it has that as well.
    """
    homes: dict[str, set[str]] = {}
    for folder, last in tree.places():
        if last not in sys.stdlib_module_names:
            homes.setdefault(last, set()).add(folder)
    for top, folders in homes.items():
        # Wherever it stands on the path, code comes before folders that only have its name.
        homes[top] = {f for f in folders if _join(f, top) in tree.modules} or folders
    homes = {top: folders for top, folders in homes.items() if len(folders) > 1}
    own = set()
    for top, paths in _importers(tree.facts, homes).items():
        below: dict[str, list[str]] = {}
        for path in paths:
            nearest = next((f for f in folders_above(path) if f in homes[top]), "")
            below.setdefault(nearest, []).append(path)
        for folder in below.keys() - set(roots):
            around = homes[top].intersection(roots, folders_above(folder))
            search = _RootSearch(tree, top, {folder, *around})
            agreeing, is_deep = search.agreeing(below[folder])
            # As above: of a file inside a package, the bare name proves nothing.
            if agreeing == [folder] and (is_deep or folder not in tree.packages):
                own.add(folder)
    return _sorted(own)


class SourceTree:
    """The files and folders of a project: ``stems`` are all folders and all files of code without
    their endings, ``modules`` the files by their stems."""

    def __init__(self, facts: FactTable) -> None:
        self.facts = facts
        code = [path for path in facts if path.endswith(".py")]
        self.modules = {p.rpartition(".")[0].removesuffix("/__init__"): p for p in code}
        self.packages = {parent_folder(path) for path in code if is_package(path)}
        self.stems = folders_around(self.modules) | self.modules.keys()
        self._below: dict[str, dict[str, set[bytes]]] = {}

    def places(self) -> Iterator[tuple[str, str]]:
        """The folder and the last name of each of the stems that can be imported."""
        for stem in self.stems:
            folder, _, last = stem.rpartition("/")
            if last.isidentifier():
                yield folder, last

    def below(self, top: str) -> Mapping[str, set[bytes]]:
        """The dotted names of the modules of a top-level name, by the folders that have it."""
        if top not in self._below:
            found = self._below[top] = {}
            between = f"/{top}/"
            for stem in self.stems:
                place = f"/{stem}".find(between)
                while place >= 0:
                    names = found.setdefault(stem[: max(place - 1, 0)], set())
                    names.add(stem[place:].replace("/", ".").encode())
                    place = f"/{stem}".find(between, place + 1)
        return self._below[top]


def _may_prove(facts: FactTable, top: str, paths: Iterable[str]) -> bool:
    """Whether more than the bare name is imported: that alone proves nothing."""
    prefix = f"{top}.".encode()
    return not top.isascii() or any(
        name.startswith(prefix)
        for path in paths
        for name in (*facts.glance(path).modules, *facts.glance(path).members)
    )


def _importers(facts: FactTable, tops: Collection[str]) -> dict[str, list[str]]:
    """The files that may import from each of these top-level names."""
    wanted = {top.encode(): top for top in tops}
    facts.asked.note_tops(wanted)
    # A file may spell others than ASCII in other bytes, by its encoding and its accents.
    found = {top: list(facts) for top in tops if not top.isascii()}
    for path in facts:
        for top in facts.glance(path).tops & wanted.keys():
            found.setdefault(wanted[top], []).append(path)
    return found


class _RootSearch:
    """Which of some folders may be the root from which a top-level name is imported."""

    def __init__(self, tree: SourceTree, top: str, folders: Collection[str]) -> None:
        self.facts = tree.facts
        self.tree = tree
        self.top = top
        self.folders = folders
        self.prefix = f"{top}.".encode()
        # The dotted names of the modules below each folder.
        below = tree.below(top)
        self.known = {folder: below.get(folder, set()) for folder in folders}

    def agreeing(self, paths: Iterable[str]) -> tuple[list[str], bool]:
        """The folders below which all absolute imports of the name in these files find what they
        import, if they prove it, and whether one of them goes deeper than the top-level name."""
        left, is_proof, is_deep = list(self.folders), False, False
        seen: set[tuple[str, tuple[str, ...]]] = set()
        for path in self.doubtful_first(paths):
            # A glance may see more than there is, but never less.
            if is_deep and all(self.has_all_of(path, folder) for folder in left):
                continue
            for statement in self.imports_of(path):
                asked = statement.module, statement.names
                if asked in seen:
                    continue
                seen.add(asked)
                left = [folder for folder in left if self.is_met(statement, folder)]
                if not left:
                    return [], is_deep
                is_deep |= "." in statement.module
                is_proof |= is_deep or bool(statement.names)
        return (left if is_proof else []), is_deep

    def doubtful_first(self, paths: Iterable[str]) -> list[str]:
        """These files, but those that seem to import what is neither below any of the folders nor
        in the text of a file of that name come first: one of them is enough to refute all."""
        known = frozenset().union(*self.known.values())
        files = (self.tree.modules.get(_join(folder, self.top)) for folder in self.folders)
        texts = [self.facts.bytes_of(path) or b"" for path in files if path]

        def is_elsewhere(path: str) -> bool:
            seen = self.facts.glance(path)
            modules = (name for name in seen.modules if name.startswith(self.prefix))
            members = (name for name in seen.members if name.startswith(self.prefix))
            return not known.issuperset(modules) or any(
                name not in known
                and b"." not in (member := name.removeprefix(self.prefix))
                and not any(member in text for text in texts)
                for name in members
            )

        return sorted(paths, key=is_elsewhere, reverse=True)

    def has_all_of(self, path: str, folder: str) -> bool:
        """Whether a glance shows that a file imports nothing below the name but modules that a
        folder has."""
        modules = self.facts.glance(path).modules
        return self.top.encode() not in modules and self.known[folder].issuperset(
            name for name in modules if name.startswith(self.prefix)
        )

    def imports_of(self, path: str) -> Iterator[Import]:
        """The absolute imports of the name in a file, unless they are of a file beside it."""
        folder = local_root(path, self.tree.packages)
        if _join(folder, f"{self.top}.py") not in self.facts:
            imports = self.facts[path].imports
            yield from (i for i in imports if i.module.partition(".")[0] == self.top)

    def is_met(self, statement: Import, folder: str) -> bool:
        """Whether an import finds what it imports below a folder."""
        stems = self.tree.stems
        stem = _join(folder, statement.module.replace(".", "/"))
        if stem not in stems:
            return False
        if "." in statement.module or not statement.names:
            return True
        path = self.tree.modules.get(stem)
        if path is not None and any(
            f"{stem}/{name}" not in stems and self.facts.tells(path, "can not have", name)
            for name in statement.names
        ):
            return False
        found = self.facts[path] if path else None
        if found is not None and (found.opaque or found.stars or found.delegates):
            return True
        bound = found.bindings if found else {}
        return all(n in bound or f"{stem}/{n}" in stems for n in statement.names)


def root_of(path: str, name: str) -> str:
    """The root from which a file has a dotted name."""
    return path.rpartition(".")[0].removesuffix("/__init__")[: -len(name)].rstrip("/")


def local_root(path: str, packages: Collection[str]) -> str:
    """The folder that Python or pytest puts on the path to run ``path``: the first one above
    it that is no package."""
    folder = parent_folder(path)
    while folder and folder in packages:
        folder = parent_folder(folder)
    return folder


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _sorted(roots: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(roots, key=lambda name: (-name.count("/") - bool(name), name)))


def _normal(folder: str) -> str:
    text = str(PurePosixPath(folder or "."))
    return "" if text == "." else text
