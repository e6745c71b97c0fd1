"""Source roots: the folders from which a project's modules are imported."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from trackfix.project.config import Config
from trackfix.project.declared import declared_roots
from trackfix.project.fact_table import FactTable
from trackfix.project.facts import Import
from trackfix.project.unlisted import PROJECT_FILES, folders_around, package_folders


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


def _folders_above(path: str) -> Iterator[str]:
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


def find_shown_roots(facts: FactTable, declared: tuple[str, ...]) -> tuple[str, ...]:
    """Roots that no setting names, but that every import of a top-level name agrees on.

    Scripts and tests often extend ``sys.path`` at run time. A folder counts as a root when all
    absolute imports of the package ``top`` in the project name modules below ``folder/top``, or
    all take names from ``folder/top.py`` that it binds.
    """
    roots = frozenset(declared)
    known = {
        name.partition(".")[0]
        for path in facts
        for root in roots.intersection(_folders_above(path))
        if (name := module_name(path, root)) is not None
    }
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
    known |= sys.stdlib_module_names
    for stem in stems:
        folder, _, last = stem.rpartition("/")
        if folder and last.isidentifier() and last not in known:
            homes.setdefault(last, []).append(folder)
    importers = _importers(facts, homes)
    shown = set()
    for top, paths in importers.items():
        if not _may_prove(facts, top, paths):
            continue
        folders = homes[top]
        tails = set(_tails(stems, top, frozenset(folders)))
        files = [path for f in folders if (path := modules.get(f"{f}/{top}"))]
        statements = _imports_of(facts, top, paths, packages, tails, files)
        agreeing, is_deep = _agreeing(statements, folders, stems, modules, facts)
        # A file inside a package is imported as a part of it, whatever library it is named like.
        possible = [f for f in agreeing if is_deep or f not in packages]
        if len(possible) == 1:
            shown.add(possible[0])
    return _sorted(shown)


def _tails(stems: Iterable[str], top: str, folders: Collection[str]) -> Iterator[str]:
    """What follows one of the folders in the stems of files and folders below its ``top``."""
    between = f"/{top}/"
    for stem in stems:
        place = stem.find(between)
        while place >= 0:
            if stem[:place] in folders:
                yield stem[place + 1 :]
            place = stem.find(between, place + 1)


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
    # A glance sees only the ASCII parts of a word.
    found = {top: list(facts) for top in tops if not top.isascii()}
    for path in facts:
        for top in facts.glance(path).tops & wanted.keys():
            found.setdefault(wanted[top], []).append(path)
    return found


def _imports_of(
    facts: FactTable,
    top: str,
    paths: Iterable[str],
    packages: Collection[str],
    tails: Collection[str],
    files: Collection[str],
) -> Iterator[Import]:
    """The absolute imports of a top-level name in these files, but for those of a file beside.
    Those that seem to name what is neither in ``tails`` nor in the text of ``files`` come first,
    for one of them is enough to refute all."""
    prefix = f"{top}.".encode()
    known = frozenset(tail.replace("/", ".").encode() for tail in tails)
    texts = [facts.bytes_of(path) or b"" for path in files]

    def is_elsewhere(path: str) -> bool:
        seen = facts.glance(path)
        modules = (name for name in seen.modules if name.startswith(prefix))
        members = (name for name in seen.members if name.startswith(prefix))
        return not known.issuperset(modules) or any(
            name not in known
            and b"." not in (member := name.removeprefix(prefix))
            and not any(member in text for text in texts)
            for name in members
        )

    for path in sorted(paths, key=is_elsewhere, reverse=True):
        folder = local_root(path, packages)
        if f"{folder}/{top}.py".lstrip("/") not in facts:
            yield from (i for i in facts[path].imports if i.module.partition(".")[0] == top)


def _agreeing(
    statements: Iterable[Import],
    folders: Collection[str],
    stems: Collection[str],
    modules: Mapping[str, str],
    facts: FactTable,
) -> tuple[list[str], bool]:
    """The folders below which all of the statements find what they import, if they prove it, and
    whether one of them goes deeper than the top-level name."""
    left, is_proof, is_deep = list(folders), False, False
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for statement in statements:
        asked = statement.module, statement.names
        if asked in seen:
            continue
        seen.add(asked)
        left = [f for f in left if _is_met(statement, f, stems, modules, facts)]
        if not left:
            break
        is_deep |= "." in statement.module
        is_proof |= is_deep or bool(statement.names)
    return (left if is_proof else []), is_deep


def _is_met(
    statement: Import,
    folder: str,
    stems: Collection[str],
    modules: Mapping[str, str],
    facts: FactTable,
) -> bool:
    stem = f"{folder}/{statement.module.replace('.', '/')}"
    if stem not in stems:
        return False
    if "." in statement.module or not statement.names:
        return True
    path = modules.get(stem)
    if path is not None and any(
        f"{stem}/{name}" not in stems and facts.tells(path, "can not have", name)
        for name in statement.names
    ):
        return False
    found = facts[path] if path else None
    if found is not None and (found.opaque or found.stars or found.delegates):
        return True
    bound = found.bindings if found else {}
    return all(n in bound or f"{stem}/{n}" in stems for n in statement.names)


def local_root(path: str, packages: Collection[str]) -> str:
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
