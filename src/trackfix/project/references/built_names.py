"""Modules that are imported by a name which is put together when the code runs: what is written of
it tells which may be meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from trackfix.project.facts.expressions import dotted, keyword_value, string_value
from trackfix.project.facts.module_facts import is_package
from trackfix.project.meaning.scope_analysis import analyse
from trackfix.project.meaning.scopes import Scopes
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Module, Project, absolute
from trackfix.project.references.moves import Moves
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

_TAKERS = frozenset(
    {"import_module", "__import__", "find_spec", "importorskip", "run_module", "locate"}
)
# These take the name of what is in a module, too.
_TARGET_TAKERS = frozenset({"patch", "resolve_name", "import_string"})
_PATCHERS = frozenset({"patch", "setattr", "delattr"})
_QUOTED = rb"[\s\\]*([\"'])[^\"'\n\\]*\\?\%d[\s\\]*"
# One of them that is given anything but a text in quotes. What sets an attribute is mostly given an
# object: what matters begins with a text.
_MAY_IMPORT = lazy_pattern(
    rb"\b(?:%b)[\s\\]*\((?!%b[,)])"
    % ("|".join(sorted(_TAKERS | _TARGET_TAKERS)).encode(), _QUOTED % 1)
)
_PATCH_WORDS = tuple(name.encode() for name in sorted(_PATCHERS))
_IMPORT_WORDS = tuple(name.encode() for name in sorted(_TAKERS | _TARGET_TAKERS))
_MAY_PATCH = lazy_pattern(
    rb"\bpatch[\s\\]*\((?!%b[,)])|\b(?:set|del)attr[\s\\]*\([\s\\]*(?:[fF][\"']|\w+[\s\\]*\+|%b[%%+.])"
    % (_QUOTED % 1, _QUOTED % 2)
)
_ANY = r"([\w.]+)"
_PERCENT = lazy_pattern(r"%(?:\(\w+\))?[-+ #0-9.]*[a-z]")
_FIELD = lazy_pattern(r"\{[^{}]*\}")
_TELLING = lazy_pattern(r"\w{2}")
_Display = (ast.List, ast.Tuple, ast.Set)
_DEEPEST = 20


class BuiltName(NamedTuple):
    """A place that builds a name which may be that of the moved module ``key``, or of the ``name``
    in it."""

    key: str
    name: str
    path: str
    line: int


class _Built(NamedTuple):
    """A call of ``taker`` that is given a text which is put together, and what that is like."""

    path: str
    taker: str
    line: int
    pattern: re.Pattern[str]


def find_built_imports(moves: Moves) -> Iterator[BuiltName]:
    """The places that may import a moved module by a name that they build, each once."""
    modules, targets = _names(moves)
    for built in moves.resolver.analysis(_imports) if modules else ():
        wanted = (*modules, *(targets if built.taker in _TARGET_TAKERS else ()))
        found = {key for key, _ in _matching(built.pattern, wanted, moves.project)}
        for key in sorted(found - {built.path}):
            yield BuiltName(key, "", built.path, built.line)


def find_built_patches(moves: Moves) -> Iterator[BuiltName]:
    """The places that may replace what is in a moved module by a name that they build."""
    _, targets = _names(moves)
    for built in moves.resolver.analysis(_patches) if targets else ():
        for key, name in sorted(set(_matching(built.pattern, targets, moves.project))):
            yield BuiltName(key, name, built.path, built.line)


def built_pattern(node: ast.expr, document: Document, project: Project) -> re.Pattern[str]:
    """What a text is like that an expression puts together: each gap is a group."""
    return re.compile(_Reader(document, project).pattern(node))


def template_pattern(text: str) -> re.Pattern[str]:
    """What a text is like whose fields are filled when it is used: ``"pkg.step_%d"``,
    ``"pkg.step_{}"``; each is a group."""
    field = _FIELD if _FIELD.search(text) else _PERCENT
    return re.compile(_with_gaps(text, field))


# A name as it may be written, the module by its key, and the name in it.
_Wanted = tuple[str, str, str]


def _names(moves: Moves) -> tuple[list[_Wanted], list[_Wanted]]:
    """The names of the moved modules, and those of what is in them."""
    modules: list[_Wanted] = []
    targets: list[_Wanted] = []
    for key, entry in sorted(moves.by_key.items()):
        for module in (*moves.names_of(entry), *moves.names_beside(entry)):
            modules.append((module, key, ""))
            targets += ((f"{module}{dot}{name}", key, name) for dot in ".:" for name in entry.names)
    return modules, targets


def _matching(
    pattern: re.Pattern[str], wanted: Iterable[_Wanted], project: Project
) -> Iterator[tuple[str, str]]:
    for text, key, name in wanted:
        match = pattern.fullmatch(text)
        if match and _is_said(match, key, project):
            yield key, name


def _imports(project: Project, _resolver: Resolver) -> list[_Built]:
    readers = _readers(project, _IMPORT_WORDS, _MAY_IMPORT)
    return [built for reader in readers for built in reader.built(_TAKERS | _TARGET_TAKERS)]


def _patches(project: Project, _resolver: Resolver) -> list[_Built]:
    readers = _readers(project, _PATCH_WORDS, _MAY_PATCH)
    return [built for reader in readers for built in reader.built(_PATCHERS)]


def _readers(
    project: Project, words: Iterable[bytes], may_build: re.Pattern[bytes]
) -> Iterator[_Reader]:
    """The files that may build such a name. To look for the ``words`` takes a small part of the
    time that the pattern takes."""
    for path in project.facts:
        data = project.read_if_possible(path)
        if not (any(word in data for word in words) and may_build.search(data)):
            continue
        if b"__getattr__" in data and "__getattr__" in project.facts[path].bindings:
            continue  # a module that answers for names is asked for each of them by its name
        try:
            yield _Reader(project.document(path), project)
        except SourceError:
            continue


class _Reader:
    """The built names of one file."""

    def __init__(self, document: Document, project: Project) -> None:
        self._document = document
        self._project = project
        self.path = path = document.path
        package = Module(project.primary_name(path) or "", path, project.facts).package
        self._known = {"__package__": package, "__spec__.parent": package}
        if is_package(path):
            self._known["__name__"] = package

    def built(self, takers: Container[str]) -> Iterator[_Built]:
        """The calls of some functions that build what they are given."""
        for call in self._document.index.calls:
            taker = call.func.attr if isinstance(call.func, ast.Attribute) else dotted(call.func)
            given = call.args[0] if call.args else None
            given = given or keyword_value(call, "name") or keyword_value(call, "target")
            if taker not in takers or given is None or string_value(given) is not None:
                continue
            text = self.pattern(given)
            if text.startswith(r"\."):
                text = self._anchored(call, text)
            if _TELLING.search(text.replace(_ANY, "")):
                line = self._document.file_line(call.lineno)
                yield _Built(self.path, taker or "", line, re.compile(text))

    def _anchored(self, call: ast.Call, text: str) -> str:
        """The pattern of a relative name as one of the whole name."""
        anchor = call.args[1] if len(call.args) > 1 else keyword_value(call, "package")
        package = self._known.get(dotted(anchor) or "", string_value(anchor))
        dots = re.match(r"(?:\\\.)+", text)
        assert dots is not None
        rest = text[dots.end() :]
        base = absolute("." * (dots.end() // 2), package) if package else None
        return rf"{re.escape(base)}\.{rest}" if base else rf"{_ANY}\.{rest}"

    def pattern(self, node: ast.expr | None, depth: int = 0) -> str:
        """A regular expression for the values of an expression."""
        value = string_value(node)
        if value is not None:
            return re.escape(value)
        if depth > _DEEPEST or node is None:
            return _ANY
        if isinstance(node, ast.JoinedStr):
            return "".join(self.pattern(part, depth + 1) for part in node.values)
        if isinstance(node, ast.FormattedValue):
            return self.pattern(node.value, depth + 1)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.pattern(node.left, depth + 1) + self.pattern(node.right, depth + 1)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return _with_gaps(string_value(node.left), _PERCENT)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return self._of_method(node, node.func, depth)
        if isinstance(node, ast.Name):
            return self._of_name(node.id, depth)
        return self._known_as(dotted(node))

    def _known_as(self, name: str | None) -> str:
        module, _, last = (name or "").rpartition(".")
        is_module = last in ("__name__", "__package__") and module in self._modules
        known = module if is_module else self._known.get(name or "")
        return re.escape(known) if known else _ANY

    def _of_method(self, call: ast.Call, function: ast.Attribute, depth: int) -> str:
        """``"pkg.{}".format(name)`` and ``".".join(("pkg", name))``"""
        value = string_value(function.value)
        if function.attr == "format":
            return _with_gaps(value, _FIELD)
        parts = call.args[0] if call.args else None
        if function.attr == "join" and value is not None and isinstance(parts, _Display):
            return re.escape(value).join(self.pattern(part, depth + 1) for part in parts.elts)
        return _ANY

    def _of_name(self, name: str, depth: int) -> str:
        """What a name may stand for: a constant, or the items that a loop goes over."""
        if name in self._known:
            return self._known_as(name)
        found = (node for scope in self._scopes.all for node in scope.bindings.get(name, ()))
        bound = list(dict.fromkeys(found))
        place = self._document.index.parents.get(bound[0]) if len(bound) == 1 else None
        if isinstance(place, ast.Assign) and place.targets == bound:
            return self.pattern(place.value, depth + 1)
        if isinstance(place, (ast.For, ast.comprehension)) and [place.target] == bound:
            items = place.iter.elts if isinstance(place.iter, _Display) else []
            if items:
                return "(?:" + "|".join(self.pattern(item, depth + 1) for item in items) + ")"
        return _ANY

    @cached_property
    def _modules(self) -> frozenset[str]:
        """The modules that the file imports as such."""
        imports = self._project.facts[self._document.path].imports
        return frozenset(s.module for s in imports if not s.names)

    @property
    def _scopes(self) -> Scopes:
        return analyse(self._document)


def _with_gaps(template: str | None, field: re.Pattern[str]) -> str:
    """The pattern of a template whose fields may be filled with anything."""
    return _ANY if template is None else _ANY.join(map(re.escape, field.split(template)))


def _is_said(match: re.Match[str], key: str, project: Project) -> bool:
    """Whether what is not written may well be meant: one part of a name, or several that some file
    has together, as a setting would."""
    missing = [part for part in match.groups() if part and "." in part]
    return all(
        any(
            part.encode() in project.read_if_possible(path)
            for path in _files(project)
            if path != key
        )
        for part in missing
    )


def _files(project: Project) -> Iterator[str]:
    yield from project.facts
    yield from project.text_files
