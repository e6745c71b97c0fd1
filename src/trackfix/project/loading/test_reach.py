"""Which code a test may run, by the words that lead from one definition to the next."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.possible_importers import possible_importers
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_module
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern
from trackfix.source.text import split_lines

_WORD = lazy_pattern(r"[^\W\d]\w*")
_ATTRIBUTE = lazy_pattern(r"\.\s*([^\W\d]\w*)|['\"]([^\W\d]\w*)['\"]")
_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
# The first and the last of some lines.
Lines = tuple[int, int]


# Compared as objects: they are kept in large sets, and each is made once.
@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
    """A function, or other lines, of a module or class. It may run once one of ``triggers`` is
    named by what runs; then its ``words`` may be, too."""

    path: str
    owner: str
    name: str
    first: int
    last: int
    triggers: frozenset[str]
    words: frozenset[str]


def fixture_files(project: Project, test: str) -> Iterator[str]:
    """The ``conftest.py`` files that count for a test."""
    for folder in PurePosixPath(test).parents:
        path = (folder / "conftest.py").as_posix()
        if path in project.facts:
            yield path


class TestReach:
    """Goes by words only: a definition may run if something that runs says its name, in a string
    or anywhere. That is never less than what runs, but for names that are put together."""

    __test__ = False

    def __init__(self, project: Project) -> None:
        self.project = project
        self.graph = ImportGraph(project, later=True)
        self._importers: dict[str, frozenset[str] | None] = {}
        self._units: dict[str, list[_Unit]] = {}
        self._reached: dict[tuple[str, int, Lines | None], set[_Unit] | None] = {}
        self._files: dict[str, set[str]] = {}
        self._by_trigger: dict[str, list[_Unit]] = {}
        self._statements: dict[str, list[ast.stmt]] = {}

    def may_load(self, test: str, path: str) -> bool:
        """Whether a test file may load another one, as far as bytes tell: a quick look before
        ``may_run``."""
        if not is_test_module(test):
            return True
        if path not in self._importers:
            self._importers[path] = possible_importers(self.project, path)
        found = self._importers[path]
        return found is None or not found.isdisjoint((test, *fixture_files(self.project, test)))

    def may_run(
        self, test: str, line: int, path: str, lines: Iterable[int], within: Lines | None = None
    ) -> bool:
        """Whether what is in effect at ``line`` of a test file, or only ``within`` some lines of
        that function, may meet code at one of ``lines`` of another. What is no test module may be
        used by any test."""
        if not is_test_module(test):
            return True
        if path not in self._loaded(test):
            return False
        key = (test, line, within)
        if key not in self._reached:
            self._reached[key] = self._closure(test, line, within)
        reached = self._reached[key]
        if reached is None:
            return True
        found = [unit for unit in self._units_of(path) for at in lines if _holds(unit, at)]
        return not found or any(unit in reached or _is_asked(unit, reached) for unit in found)

    def _loaded(self, test: str) -> set[str]:
        """The files that a test and its fixtures may import."""
        if test not in self._files:
            starts = (test, *fixture_files(self.project, test))
            self._files[test] = {file for one in starts for file in self.graph.reachable(one)}
        return self._files[test]

    def _closure(self, test: str, line: int, within: Lines | None) -> set[_Unit] | None:
        """What may run with the test at ``line``; None if that is unknown."""
        own = self._units_of(test)
        here = next((unit for unit in own if _holds(unit, line)), None)
        if here is None:
            return None
        reached = {here if within is None else self._narrowed(here, within)}
        if here.owner:
            around = [unit for unit in own if unit.owner == here.owner]
            is_test = here.name.startswith("test")
            reached.update(u for u in around if not (is_test and u.name.startswith("test")))
        elif not here.name.startswith("test"):
            return None
        files = self._loaded(test)
        for path in files:
            self._units_of(path)
        stack = [*reached, *self._triggered("autouse", files)]
        reached.update(stack)
        said: set[str] = set()
        while stack:
            unsaid = stack.pop().words - said
            said |= unsaid
            for word in self._by_trigger.keys() & unsaid:
                fresh = [unit for unit in self._triggered(word, files) if unit not in reached]
                reached.update(fresh)
                stack += fresh
        return reached

    def _triggered(self, word: str, files: set[str]) -> Iterator[_Unit]:
        """What of some files may run once a word is said."""
        return (unit for unit in self._by_trigger.get(word, ()) if unit.path in files)

    def _narrowed(self, unit: _Unit, within: Lines) -> _Unit:
        """A function with the words of some of its lines, and of what binds the names in these."""
        document = self.project.document(unit.path)
        lines = split_lines(document.code)
        if unit.path not in self._statements:
            nodes = ast.walk(document.tree)
            self._statements[unit.path] = [node for node in nodes if isinstance(node, ast.stmt)]
        statements = self._statements[unit.path]
        inside = [node for node in statements if unit.first < node.lineno <= unit.last]
        # What comes later binds nothing that is there before, but for loops.
        loops = any(isinstance(node, (ast.For, ast.AsyncFor, ast.While)) for node in inside)
        last = unit.last if loops else within[1]
        binding = [
            (names, _words(lines[node.lineno - 1 : _last_of_head(node)]))
            for node in inside
            if node.lineno <= last and (names := _bound_by(node))
        ]
        words = set(_words(lines[within[0] - 1 : within[1]]))
        changed = True
        while changed:
            found = {w for names, said in binding if not names.isdisjoint(words) for w in said}
            changed = not found <= words
            words |= found
        return replace(unit, words=frozenset(words))

    def _units_of(self, path: str) -> list[_Unit]:
        if path not in self._units:
            try:
                document = self.project.document(path)
                lines = split_lines(document.code)
                self._units[path] = list(_read(path, document.tree.body, lines, ""))
            except SourceError:
                self._units[path] = []
            for unit in self._units[path]:
                for word in unit.triggers:
                    self._by_trigger.setdefault(word, []).append(unit)
        return self._units[path]


def _last_of_head(node: ast.stmt) -> int:
    """The last line of a statement without the block below it; a function is its block."""
    body = [] if isinstance(node, (*_Function, ast.ClassDef)) else getattr(node, "body", [])
    return max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno


def _bound_by(node: ast.stmt) -> set[str]:
    """The names that a statement binds, or whose objects it may change."""
    if isinstance(node, (*_Function, ast.ClassDef)):
        return {node.name}
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    blocks = {"body", "orelse", "finalbody", "handlers", "cases"}
    head = [
        inner
        for name, value in ast.iter_fields(node)
        if name not in blocks
        for part in (value if isinstance(value, list) else [value])
        if isinstance(part, ast.AST)
        for inner in ast.walk(part)
    ]
    is_plain = not isinstance(node, ast.Expr) and not any(
        isinstance(inner, (ast.Attribute, ast.Subscript)) and isinstance(inner.ctx, ast.Store)
        for inner in head
    )
    return {
        inner.id
        for inner in head
        if isinstance(inner, ast.Name) and not (is_plain and isinstance(inner.ctx, ast.Load))
    }


def _is_asked(unit: _Unit, reached: Iterable[_Unit]) -> bool:
    """Whether something that may run names the module of which a function looks up the names.

    https://peps.python.org/pep-0562/
    """
    if unit.owner or unit.name != "__getattr__":
        return False
    path = PurePosixPath(unit.path)
    name = path.parent.name if path.stem == "__init__" else path.stem
    return any(name in other.words for other in reached)


def _holds(unit: _Unit, line: int) -> bool:
    return unit.first <= line <= unit.last


def _read(path: str, body: list[ast.stmt], lines: list[str], owner: str) -> Iterator[_Unit]:
    for node in body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(decorator.lineno for decorator in decorators)])
        last = node.end_lineno or node.lineno
        if isinstance(node, ast.ClassDef):
            head = node.body[0].lineno - 1
            words = _words(lines[first - 1 : max(head, node.lineno)])
            yield _Unit(path, node.name, "", first, node.lineno, frozenset({node.name}), words)
            yield from _read(path, node.body, lines, node.name)
            continue
        words = _words(lines[first - 1 : last])
        name = ""
        if isinstance(node, _Function):
            name = node.name
            # Nobody names a method without a dot, if not in a string or in its class.
            triggers = {f".{name}" if owner else name}
            if not name.startswith("test"):  # what a decorator registers, something may run
                triggers |= _names(lines[first - 1 : node.lineno - 1])
            if name.startswith("__") and owner:
                triggers.add(owner)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            triggers = {alias.asname for alias in node.names if alias.asname}
        elif isinstance(node, ast.Assign):
            triggers = {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
        else:
            triggers = set(_names(lines[first - 1 : last]))
        if owner and not name:
            triggers = {owner}
            words |= {f".{word}" for word in words}
        yield _Unit(path, owner, name, first, last, frozenset(triggers - {"__all__"}), words)


def _words(lines: list[str]) -> frozenset[str]:
    """All words of some lines, and those that may be attributes with a dot before them."""
    text = "\n".join(lines)
    attributes = {f".{left or right}" for left, right in _ATTRIBUTE.findall(text)}
    return frozenset(_WORD.findall(text)) | attributes


def _names(lines: list[str]) -> frozenset[str]:
    return frozenset(word for word in _words(lines) if not word.startswith("."))
