"""What of a file counts for who goes by its facts, or by what its names mean: most edits change
neither, though they move all that stands below them."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from trackfix.project.facts.module_facts import ModuleFacts
from trackfix.source.document import Document
from trackfix.source.patterns import lazy_pattern

# With one of these a function may change what a name means elsewhere.
_REACHING = (
    *("import", "global", "nonlocal", "vars", "modules", "builtins", "attr", "exec", "eval"),
    *("__all__", "__dict__"),
)
_STRING_OR_NUMBER = lazy_pattern(r'("(?:[^"\\]|\\.)*")|\d+')
_STRING = lazy_pattern(r'"(?:[^"\\]|\\.)*"')
_NUMBER = lazy_pattern(r"\d+")


def facts_without_lines(facts: ModuleFacts) -> str:
    """The facts of a file as text that is the same wherever in the file they stand, as long as
    they stand in the same order. All numbers in facts are lines."""
    text = json.dumps(facts, default=sorted)
    lines = [int(line) for line in _NUMBER.findall(_STRING.sub("", text))]
    rank = {line: number for number, line in enumerate(sorted({0, *lines}))}
    return _STRING_OR_NUMBER.sub(r"\1", text) + str([rank[line] for line in lines])


class Outline(NamedTuple):
    """The code of a file by turns: what stands around functions, and the body of a function or a
    method. Lines that only hold a comment are left out."""

    pieces: tuple[str, ...]

    def told(self, words: Collection[str]) -> str:
        """All code that can matter to what one of ``words`` means, and to where it is used."""
        telling = (*_REACHING, *words)
        around, bodies = self.pieces[::2], self.pieces[1::2]
        kept = (body if any(word in body for word in telling) else "" for body in bodies)
        return "\0".join(part for pair in zip(around, (*kept, ""), strict=True) for part in pair)


def outline(document: Document) -> Outline:
    """The outline of a file.

    Raises:
        SourceError: it can't be read as Python.
    """
    ends = [0]
    for function in _functions(document.tree.body):
        ends += (document.span(function.body[0])[0], document.span(function)[1])
    code = document.code
    pieces = (code[start:end] for start, end in pairwise((*ends, len(code))))
    return Outline(tuple(map(_without_comments, pieces)))


def _functions(body: Iterable[ast.AST]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """All functions that are in no other, in the order of the text."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node
        else:
            for field in ("body", "handlers", "orelse", "finalbody", "cases"):
                yield from _functions(getattr(node, field, ()))


def _without_comments(code: str) -> str:
    lines = code.replace("\r", "\n").split("\n")
    kept = (line for line in lines if not line.lstrip().startswith("#"))
    return "\n".join(line for line in kept if line.strip())
