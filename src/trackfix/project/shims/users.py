"""What refers to shims, and so which of them can go."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from trackfix.project.facts.module_facts import is_package
from trackfix.project.project import Project
from trackfix.project.reexports.reexport_module import ReexportModule
from trackfix.project.references.built_names import find_built_imports
from trackfix.project.references.mentions import find_mentions
from trackfix.project.references.moves import Moves
from trackfix.project.references.pickles import find_pickled_names
from trackfix.project.references.references import FileReferences
from trackfix.project.references.string_contexts import is_plugin_list
from trackfix.project.references.word_search import WordSearch
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

_SEARCHES = lazy_pattern(
    rb"\b(?:iter_modules|walk_packages)\(|\.r?glob\([^)\n]*\*\.py|\blistdir\(__"
)

MAY_IMPORT = "may import it"
# So many characters of a line of text are told.
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Reason:
    """A place that refers to a shim, and how; without ``is_sure`` it only may do so."""

    path: str
    line: int
    text: str
    is_sure: bool = True


Reasons = dict[str, list[Reason]]


def code_reasons(references: FileReferences) -> Iterator[tuple[str, Reason]]:
    """The references of one file to moved modules, by the key of the module."""
    document, path = references.document, references.document.path

    def reason(offset: int, text: str) -> Reason:
        return Reason(path, document.place(offset)[0], text)

    for statement in references.from_imports:
        yield (
            statement.moved.key,
            reason(document.span(statement.node)[0], "imports from it"),
        )
    for binding in references.bindings:
        for node, _ in binding.statements:
            yield binding.moved.key, reason(document.span(node)[0], "imports it")
        for use in binding.uses:
            yield binding.moved.key, reason(use.use.start, f"uses {use.attribute or 'it'}")
    for string in references.strings:
        line, _ = document.place(document.span(string.node)[0])
        text = "may name it in a string" if string.is_guess else "names it in a string"
        yield string.moved.key, Reason(path, line, text, is_sure=not string.is_guess)
    for doc in references.docs:
        yield doc.moved.key, reason(doc.start, "names it in a docstring")


def other_reasons(project: Project, moves: Moves) -> Iterator[tuple[str, Reason]]:
    """What else keeps a shim: ``__all__`` of its package, a search for modules, pickles,
    running text."""
    for path in filter(is_package, project.facts):
        if b"__all__" not in project.read_if_possible(path):
            continue
        facts = project.facts[path]
        package = project.primary_name(path) or ""
        for name in facts.exports.names if facts.exports is not None else ():
            moved = moves.find(f"{package}.{name}", path)
            if moved is not None and name not in facts.bindings:
                yield moved.key, Reason(path, 1, "lists it in __all__")
    folders: dict[str, list[str]] = {}
    for key, entry in moves.by_key.items():
        if not entry.virtual:
            folders.setdefault(key.rpartition("/")[0], []).append(key)
    for path in project.facts:
        keys = folders.get(path.rpartition("/")[0], ())
        if keys and _SEARCHES.search(project.read_if_possible(path)):
            for key in keys:
                if key != path:
                    yield key, Reason(path, 1, "imports all modules of its folder")
    yield from by_paths_of_a_run(project, moves)
    for built in find_built_imports(moves):
        yield built.key, Reason(built.path, built.line, "may import it, by a name that is built")
    for key, path, line in find_pickled_names(project, moves):
        yield key, Reason(path, line, "names it in a pickle")
    for mention in find_mentions(project, moves):
        if mention.blocks:
            told = mention.text
            told = told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"
            yield mention.key, Reason(mention.path, mention.line, f"mentions it: {told}")


def by_paths_of_a_run(project: Project, moves: Moves) -> Iterator[tuple[str, Reason]]:
    """Imports that no source root explains, and plugins of tests, by a name that a shim would have
    with its own folder on the path: scripts put it there when they run. Where several files have
    the name, an import may mean each of them."""
    keys: dict[str, list[str]] = {}
    for key, entry in moves.by_key.items():
        shared = [name for name in moves.names_of(entry) if project.is_unclear(name)]
        for name in dict.fromkeys((*moves.names_beside(entry), *shared)):
            if name not in sys.stdlib_module_names:
                keys.setdefault(name, []).append(key)
    # ``from package import module`` has the last part alone.
    words = WordSearch({name.rpartition(".")[2] for name in keys})
    for path in project.facts:
        if not words.finds_in(project.read_if_possible(path)):
            continue
        named = [
            (f"{statement.module}{dot}{member}", statement.line, MAY_IMPORT)
            for statement in project.facts[path].imports
            for dot, member in (("", ""), *((".", member) for member in statement.names))
        ]
        named += [(name, line, "names it as a plugin") for name, line in _plugins(project, path)]
        for name, line, text in named:
            for key in keys.get(name, ()) if project.find(name, path) is None else ():
                if key != path:
                    yield key, Reason(path, line, text)


def _plugins(project: Project, path: str) -> Iterator[tuple[str, int]]:
    """The modules that the ``pytest_plugins`` of a file name, and their lines."""
    if b"pytest_plugins" not in project.read_if_possible(path):
        return
    try:
        document = project.document(path)
    except SourceError:
        return
    for node in document.index.strings:
        if is_plugin_list(node, document.index.parents):
            yield str(node.value), document.file_line(node.lineno)


def may_go(project: Project, moves: Moves) -> set[str]:
    """The keys of the shims that may be removed once nothing refers to them.

    A module that nobody ever took anything from may be public, unless it says that it is
    deprecated.
    """
    return {
        key
        for key, entry in moves.by_key.items()
        if not entry.virtual
        and not any(
            fnmatchcase(entry.module, pattern) for pattern in project.config_for(entry.path).keep
        )
        and (entry.deprecated or entry.is_configured or key in moves.used)
    }


def is_for_others(shim: ReexportModule, project: Project) -> bool:
    """Whether an entry of ``sys.modules`` stands below a package of others, who look it up."""
    top = project.find(shim.module.partition(".")[0])
    return shim.virtual and (top is None or not top.path or bool(top.alias))


def removable(candidates: Iterable[str], reasons: Reasons, project: Project) -> set[str]:
    """Those of the candidates that nothing refers to but what is removed with them."""
    removed = set(candidates)
    changed = True
    while changed:
        changed = False
        for key in sorted(removed):
            kept = runs_as_script(key, project) or holds_others(key, project, removed)
            if kept or standing(key, reasons, removed):
                removed.discard(key)
                changed = True
    return removed


def standing(key: str, reasons: Reasons, removed: set[str]) -> list[Reason]:
    """What refers to a shim when ``removed`` are gone."""
    return [r for r in reasons.get(key, ()) if r.path not in removed]


def runs_as_script(key: str, project: Project) -> bool:
    """Whether a shim must stay because somebody may run it, which no reference shows."""
    facts = project.facts.get(key)
    return facts is not None and facts.has_main_guard


def holds_others(key: str, project: Project, removed: set[str]) -> bool:
    """Whether a package's ``__init__`` must stay because of modules below it."""
    if not is_package(key):
        return False
    folder = str(PurePosixPath(key).parent)
    return any(
        path.startswith(f"{folder}/") and path not in removed and path != key
        for path in (*project.facts, *project.text_files)
    )
