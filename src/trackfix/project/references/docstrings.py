"""References in docstrings: Sphinx roles, names in backticks, and doctests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.reexports.public_faces import is_private_part
from trackfix.project.references.dotted_names import moved_name, split_dotted
from trackfix.project.references.moves import MovedModule, Moves
from trackfix.source.document import Document
from trackfix.source.patterns import lazy_pattern

# https://www.sphinx-doc.org/en/master/usage/domains/python.html#cross-referencing-python-objects
_ROLE = lazy_pattern(
    r":(?:py:)?(?:mod|func|data|const|class|meth|attr|type|exc|obj|deco):`"
    r"(?:[^`<]*<)?[~!]?(?P<name>[^\W\d][\w.]*)"
)
_QUOTED = lazy_pattern(
    r"(?<![\w:`])(?P<ticks>``?)(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)+)(?:\(\))?(?P=ticks)(?![\w`])"
)
# A docstring that tells of a change needs the old name as it was.
_TELLS_OF_A_CHANGE = lazy_pattern(
    r"(?i)deprecat|former|used to|previous|renamed|moved|replace|instead|compat"
)
_EXAMPLE = lazy_pattern(r"^[ \t]*(?:>>>|\.\.\.) (?P<code>.*)$", re.MULTILINE)
_FROM = lazy_pattern(r"from (?P<module>[^\W\d][\w.]*) import (?P<names>[\w, ]+?)\s*(?:#.*)?$")
_DOTTED = lazy_pattern(r"(?<![\w.'\"])[^\W\d]\w*(?:\.[^\W\d]\w*)+")


@dataclass(frozen=True, slots=True)
class DocReference:
    """A reference in a docstring; offsets, replacement and obstacle as for strings."""

    moved: MovedModule
    attribute: str
    start: int
    end: int
    replacement: str
    obstacle: str

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the module that it is about; the import of a doctest may have several."""
        parts = (part.strip().partition(" as ")[0] for part in self.attribute.split(","))
        return tuple(part for part in parts if part)


def docstring_references(document: Document, moves: Moves) -> list[DocReference]:
    """The references in the docstrings of a document."""
    found: list[DocReference] = []
    for node in document.index.docstrings:
        start, end = document.span(node)
        text = document.code[start:end]
        for match in _ROLE.finditer(text):
            found += _name(match["name"], start + match.start("name"), moves, document.path)
        is_history = document.path in moves.by_key or _TELLS_OF_A_CHANGE.search(text)
        for match in _QUOTED.finditer(text) if not is_history else ():
            for name in _name(match["name"], start + match.start("name"), moves, document.path):
                if name.replacement not in text:
                    found.append(name)
        for example in _EXAMPLE.finditer(text):
            found += _example(example["code"], start + example.start("code"), moves, document.path)
    return found


def _name(name: str, start: int, moves: Moves, path: str) -> Iterator[DocReference]:
    parts = split_dotted(name.rstrip("."), moves, path)
    if parts is None:
        return
    answer = moved_name(parts, moves, path)
    if answer is not None:
        replacement, obstacle, _ = answer
        target = moves.target(parts.moved, parts.attribute, path) if parts.attribute else None
        home = target.module if target is not None else replacement
        obstacle = obstacle or _hidden(home, parts.moved)
        end = start + len(name.rstrip("."))
        yield DocReference(parts.moved, parts.attribute, start, end, replacement, obstacle)


def _hidden(home: str, moved: MovedModule) -> str:
    """What keeps the name of a public module: who reads a docstring is to use no private one."""
    hides = any(map(is_private_part, home.split(".")))
    is_public = not any(map(is_private_part, moved.name.split(".")))
    return f"{home} is private, and {moved.name} is not" if hides and is_public else ""


def _example(code: str, start: int, moves: Moves, path: str) -> Iterator[DocReference]:
    statement = _FROM.match(code)
    if statement is None:
        for match in _DOTTED.finditer(code):
            yield from _name(match.group(), start + match.start(), moves, path)
        if code.startswith("import ") and "." not in code:
            yield from _name(code[7:].strip(), start + 7, moves, path)
        return
    moved = moves.find(statement["module"], path)
    if moved is not None:
        yield from _from_import(statement, moved, start, moves, path)


def _from_import(
    statement: re.Match[str], moved: MovedModule, start: int, moves: Moves, path: str
) -> Iterator[DocReference]:
    """The import of a doctest, if a name in it moves; it stays whole where one can't."""
    homes: dict[str, list[str]] = {}
    staying, obstacle = "", ""
    for part in statement["names"].split(","):
        name, _, alias = part.strip().partition(" as ")
        target = moves.target(moved, name, path)
        if target is None or target[:2] == (f"{moved.name}.{name}", ""):
            staying = f"{name} stays in {moved.name}"
            continue
        hidden = _hidden(target.module, moved)
        if target.obstacle or hidden or not target.name:
            obstacle = target.obstacle or hidden or f"{name} is a module"
            continue
        local = alias.strip() or name
        homes.setdefault(target.module, []).append(
            target.name if target.name == local else f"{target.name} as {local}"
        )
    if not homes and not obstacle:
        return
    new = "; ".join(f"from {home} import {', '.join(names)}" for home, names in homes.items())
    end = start + statement.end("names")
    yield DocReference(moved, statement["names"], start, end, new, obstacle or staying)
