"""Mentions of moved modules in running text: documents, settings, comments, docstrings."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

from trackfix.project.moves import Moves
from trackfix.project.project import Project
from trackfix.project.strings import docstring_nodes
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.text import decode


@dataclass(frozen=True, slots=True)
class Mention:
    """A place outside code that names a moved module; ``key`` is the module's.

    ``blocks`` tells that the module may not be removed because of it: a setting or a document
    may be followed by somebody, a comment is not.
    """

    path: str
    line: int
    column: int
    text: str
    key: str
    blocks: bool


class MentionFinder:
    """Finds the names and file paths of moved modules in text."""

    def __init__(self, moves: Moves) -> None:
        self.keys: dict[str, str] = {}
        for key, entry in moves.by_key.items():
            names = {entry.module, *(() if entry.virtual else moves.project.names_of(entry.path))}
            for name in names:
                if "." in name:
                    self.keys[name] = key
                if not entry.virtual:
                    self.keys[name.replace(".", "/") + ".py"] = key
            if not entry.virtual:
                self.keys[entry.path] = key
        spelled = sorted(map(re.escape, self.keys), key=len, reverse=True)
        self.pattern = (
            re.compile(rf"(?<![\w.])(?:{'|'.join(spelled)})(?!\w)(?!\.pyi?\b)") if spelled else None
        )

    def in_text(self, path: str, text: str) -> Iterator[tuple[int, str]]:
        """Offset and module key of each mention."""
        if self.pattern is not None:
            for match in self.pattern.finditer(text):
                yield match.start(), self.keys[match.group()]


def find_mentions(project: Project, moves: Moves) -> list[Mention]:
    """All mentions in the files of the project, by path and line."""
    finder = MentionFinder(moves)
    found: list[Mention] = []
    if finder.pattern is None:
        return found
    for path in project.text_files:
        try:
            text = decode(project.read(path), cookie=False).text
        except SourceError:
            continue
        found += _located(finder, path, text, blocks=True)
    for path in project.facts:
        try:
            document = project.document(path)
        except SourceError:
            continue
        if document.is_notebook:
            continue
        matches = [(o, k) for o, k in finder.in_text(path, document.code) if k != path]
        if matches:
            spans = [*_comments(document), *_docstrings(document)]
            for offset, key in matches:
                if any(start <= offset < end for start, end in spans):
                    found.append(_mention(path, document.code, offset, key, blocks=False))
        project.forget(path)
    return sorted(found, key=lambda m: (m.path, m.line, m.column))


def _located(finder: MentionFinder, path: str, text: str, *, blocks: bool) -> list[Mention]:
    return [
        _mention(path, text, offset, key, blocks=blocks)
        for offset, key in finder.in_text(path, text)
    ]


def _mention(path: str, text: str, offset: int, key: str, *, blocks: bool) -> Mention:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : end if end >= 0 else len(text)].strip()
    return Mention(path, text.count("\n", 0, offset) + 1, offset - start + 1, line, key, blocks)


def _comments(document: Document) -> Iterator[tuple[int, int]]:
    lines = document.code.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    try:
        for token in tokenize.generate_tokens(io.StringIO(document.code, newline="").readline):
            if token.type == tokenize.COMMENT:
                start = document.lines.offset(token.start[0], 0) + token.start[1]
                yield start, start + len(token.string)
    except (tokenize.TokenError, SyntaxError):
        return


def _docstrings(document: Document) -> Iterator[tuple[int, int]]:
    try:
        nodes: list[ast.Constant] = list(docstring_nodes(document.tree))
    except SourceError:
        return
    yield from (document.span(node) for node in nodes)
