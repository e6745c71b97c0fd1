"""What tests put in the place of functions of MLflow, and what they ask of them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from trackfix.project.facts.expressions import dotted, last_name, string_value
from trackfix.project.files_with_words import files_with
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_path
from trackfix_codemods.clients.reach import runs

_PATCHES = frozenset({"patch", "object", "multiple", "setattr", "delattr", "spy", "stub"})
_ENTRIES = frozenset({"dict", "setitem", "delitem", "setdefault"})
_MAKES_DOUBLE = frozenset(
    {"Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock", "configure_mock"}
    | {"SimpleNamespace", "multiple", "create_autospec"}
)


@dataclass(frozen=True)
class _Place:
    """What the tests do with a word in a line. ``home`` is the file of the project in whose names
    they replace it; empty when it is elsewhere, or not known. ``is_answer`` tells that they only
    say what it returns."""

    path: str
    line: int
    deed: str
    home: str
    is_answer: bool = False


class ApiDoubles:
    """The doubles of functions of MLflow, and of its modules, in the tests of one project."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._meanings = resolver.analysis(Meanings)
        self._graph = ImportGraph(project)
        self._places: dict[tuple[str, bool], list[_Place]] = {}

    def of_functions(
        self, path: str, functions: Iterable[ast.expr], homes: Collection[str] = ()
    ) -> str:
        """What a test that runs the code of a file does with one of the ``functions`` called
        there, and that it could not do if another one were called; empty for nothing. ``homes``
        are the files that they are taken from when they are called."""
        return self._deed(path, filter(None, map(last_name, functions)), whole=False, homes=homes)

    def of_calls(self, path: str, functions: Iterable[ast.expr]) -> str:
        """What a test that runs the code of a file does with one of the ``functions`` called
        there, and that it could not do if it were called in another way."""
        words = filter(None, map(last_name, functions))
        return self._deed(path, words, whole=False, answers=False)

    def of_owners(self, path: str, functions: Iterable[ast.expr]) -> str:
        """Where a test replaces what a file takes the ``functions`` from, so that the double has
        to have what is called; empty for nowhere."""
        owners = (dotted(f.value) for f in functions if isinstance(f, ast.Attribute))
        words = [word for owner in owners for word in (owner or "").split(".")]
        return self.of_names(path, [word for word in words if word not in ("", "self", "cls")])

    def of_names(self, path: str, words: Iterable[str]) -> str:
        """Where a test that runs the code of a file replaces one of the names that it reads."""
        return self._deed(path, words, whole=True)

    def of_reached(self, path: str, functions: Iterable[ast.expr]) -> str:
        """Where a test that runs the code of a file replaces one of the ``functions`` called there
        through a module that has MLflow's by a name: ``patch("train.mlflow.evaluate")``. It does
        not follow the function when that moves."""
        taken = (f for f in functions if isinstance(f, ast.Attribute))
        words = (f"{last_name(f.value)}.{f.attr}" for f in taken)
        return self._deed(path, words, whole=False)

    def _deed(
        self,
        path: str,
        words: Iterable[str],
        *,
        whole: bool,
        homes: Collection[str] = (),
        answers: bool = True,
    ) -> str:
        for word in dict.fromkeys(words):
            if (word, whole) not in self._places:
                self._places[word, whole] = list(self._find(word, whole=whole))
            for place in self._places[word, whole]:
                is_meant = place.path != path and place.home in ("", path, *homes)
                is_meant = is_meant and (answers or not place.is_answer)
                if is_meant and runs(self._project, self._graph, place.path, path):
                    return f"{place.path}:{place.line} {place.deed}"
        return ""

    def _find(self, word: str, *, whole: bool) -> Iterator[_Place]:
        owner, _, name = word.rpartition(".")
        for path in filter(is_test_path, files_with(self._project, (name,))):
            names = self._meanings.file(path)
            reader = _Reader(self._project, names, name) if names is not None else None
            if reader is not None:
                places = reader.reached(owner) if owner else reader.places(whole=whole)
                yield from sorted(places, key=lambda place: place.line)


class _Reader:
    """Reads what one file of the tests does with a word."""

    def __init__(self, project: Project, names: FileNames, word: str) -> None:
        self._project = project
        self._names = names
        self._word = word
        self._docstrings = set(map(id, names.document.index.docstrings))

    def places(self, *, whole: bool) -> Iterator[_Place]:
        """What replaces it; unless it is the ``whole`` of a module, also what asks how it is
        called, or defines the like."""
        word = self._word
        for node in self._names.parents:
            if isinstance(node, ast.Attribute) and node.attr == word:
                if not isinstance(node.ctx, ast.Load):
                    yield self._place(node, _replaces(word), self._home(node.value))
                elif not whole and self._is_asked(node):
                    place = self._place(node, f"asks how {word} is called")
                    yield replace(place, is_answer=self._is_answer(node))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from self._string(node, node.value, whole=whole)
            elif isinstance(node, ast.Call) and any(k.arg == word for k in node.keywords):
                name = last_name(node.func)
                if name in _ENTRIES | _MAKES_DOUBLE:
                    yield self._place(node, _replaces(word))
            elif not whole and isinstance(node, ast.stmt) and getattr(node, "name", "") == word:
                yield self._place(node, _replaces(word))

    def reached(self, owner: str) -> Iterator[_Place]:
        """What replaces it in an ``owner`` that is reached through another module."""
        for node in self._names.parents:
            if isinstance(node, ast.Attribute) and node.attr == self._word:
                is_replaced = not isinstance(node.ctx, ast.Load)
                is_replaced = is_replaced and self._is_reached(node.value, owner)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_replaced = self._is_patch_of_reached(node, node.value, owner)
            elif isinstance(node, ast.Call) and last_name(node.func) == "multiple":
                is_replaced = any(k.arg == self._word for k in node.keywords)
                is_replaced = is_replaced and self._is_reached(next(iter(node.args), None), owner)
            else:
                is_replaced = False
            if is_replaced:
                assert isinstance(node, ast.expr)
                yield self._place(node, _replaces(self._word))

    def _is_patch_of_reached(self, node: ast.Constant, text: str, owner: str) -> bool:
        call = self._call_around(node)
        if call is None or last_name(call.func) not in _PATCHES:
            return False
        if text == self._word:
            return self._is_reached(next(iter(call.args), None), owner)
        is_own = text.startswith("mlflow.")
        return text.endswith(f".{owner}.{self._word}") and not is_own

    def _is_reached(self, node: ast.expr | None, owner: str) -> bool:
        """Whether an expression is an attribute ``owner`` of something else than MLflow, or a name
        for it."""
        if isinstance(node, ast.Name):
            node = self._given(node)
        if isinstance(node, ast.Constant):
            text = string_value(node) or ""
            return text.endswith(f".{owner}") and not text.startswith("mlflow.")
        if not (isinstance(node, ast.Attribute) and node.attr == owner):
            return False
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            root = root.value
        found = self._names.of(root, self._names.scope_at(node))
        return found is None or found.module.partition(".")[0] != "mlflow"

    def _given(self, name: ast.Name) -> ast.expr | None:
        """What a name is given, if that is once."""
        owner = self._names.scopes.binding_scope(name.id, self._names.scope_at(name))
        bound = owner.bindings.get(name.id, []) if owner is not None else []
        parent = self._names.parents.get(bound[0]) if len(bound) == 1 else None
        return parent.value if isinstance(parent, ast.Assign) else None

    def _is_asked(self, node: ast.Attribute) -> bool:
        """``log_metric.assert_called()``, ``call.log_metric(...)``; not a call of the function, nor
        MLflow's own that is given to somebody to call: ``addfinalizer(mlflow.end_run)``."""
        parent = self._names.parents[node]
        if not isinstance(parent, ast.Call):
            return True
        scope = self._names.scope_at(node)
        owner = self._names.of(node.value, scope)
        is_own = owner is not None and owner.module.partition(".")[0] == "mlflow"
        return last_name(node.value) == "call" or not (parent.func is node or is_own)

    def _is_answer(self, node: ast.Attribute) -> bool:
        """``log_metric.return_value``: it gives that however it is called."""
        parent = self._names.parents[node]
        return isinstance(parent, ast.Attribute) and parent.attr == "return_value"

    def _string(self, node: ast.Constant, text: str, *, whole: bool) -> Iterator[_Place]:
        parts = text.split(".")
        is_name = all(part.isidentifier() for part in parts if part)
        if id(node) in self._docstrings or self._word not in parts or not is_name:
            return
        call = self._call_around(node)
        name = last_name(call.func) if call is not None else ""
        owner = ".".join(parts[: parts.index(self._word)])
        home = self._home_of(owner)
        if call is not None and not owner and call.args and name in _PATCHES:
            home = self._home(call.args[0])
        is_patched = name in _PATCHES | _ENTRIES or self._is_entry(node)
        if whole:
            is_last = parts[-1] == self._word
            if is_last and (is_patched or (home and owner)):
                yield self._place(node, _replaces(self._word), home)
        else:
            deed = "patches" if is_patched else "may patch"
            yield self._place(node, f"{deed} {self._word}", home)

    def _is_entry(self, node: ast.Constant) -> bool:
        """``sys.modules["mlflow"] = double``"""
        parent = self._names.parents[node]
        return isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)

    def _call_around(self, node: ast.AST) -> ast.Call | None:
        """The call that is given a string, or a text or a dictionary in which it stands."""
        parent = self._names.parents.get(node)
        while isinstance(parent, (ast.Dict, ast.keyword, ast.JoinedStr, ast.BinOp)):
            parent = self._names.parents.get(parent)
        return parent if isinstance(parent, ast.Call) else None

    def _home(self, owner: ast.expr) -> str:
        """The file of the project that an expression means."""
        text = string_value(owner)
        if text is not None:
            return self._home_of(text)
        scope = self._names.scope_at(owner)
        found = self._names.of(owner, scope)
        return self._home_of(found.module) if found is not None and not found.name else ""

    def _home_of(self, module: str) -> str:
        found = self._project.find(module, self._names.path) if module else None
        return found.path if found is not None else ""

    def _place(self, node: ast.expr | ast.stmt, deed: str, home: str = "") -> _Place:
        return _Place(self._names.path, self._names.line(node), deed, home)


def _replaces(word: str) -> str:
    return f"puts a double in the place of {word}"
