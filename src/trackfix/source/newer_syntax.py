"""Spells syntax that is newer than Python 3.10 so that its `ast` can parse it.

Nothing moves: each name, attribute and import keeps its offset. What comes out is for looking
at names, not for running.

| new | comes out as |
|---|---|
| `type X[T] = V` (3.12) | `0;   X    = V` |
| `type X[T: B] = V` (3.12) | `def  X(T: B) : V` |
| `def f[T: B](x)` (3.12) | `def f(T: B, x)`, without bounds `def f(  x)` |
| `class A[T: B](C)`, `class A[T: B]:` (3.12) | `class A(*[B], C)`, `class A(T= B):` |
| f-strings (3.12), t-strings (3.14) | lists, see `fstrings` |
| `except* A` (3.11), `except A, B` (3.14) | `except  A`, `except A| B` |
| `x[*a]`, `*args: *Ts` (3.11), `[*x for x in y]` (3.15) | the same without the star |
| `lazy import a` (3.15) | `0;   import a` |
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from trackfix.source.fstrings import lower_fstrings
from trackfix.source.lexing import TOKEN, string_end
from trackfix.source.patterns import lazy_pattern
from trackfix.source.type_parameters import Canvas, TypeParameters

__all__ = ["lower", "lower_fstrings"]

_LEADING_FEED = lazy_pattern(r"\A[ \t\f]*\f")
_FEED_BEFORE_CODE = lazy_pattern(r"(?<!\\)(\r\n|(?<!\r)\n|\r)([ \t\f]*\f)")
_LONE_CR = lazy_pattern(r"\r(?!\n)")
_COMPREHENSIONS = frozenset({"ListComp", "SetComp", "GeneratorExp"})
# No Python reads deeper brackets than this, and libcst 1.9 runs out of its stack, which nothing can
# catch.
_MOST_BRACKETS = 200
_GENERIC = frozenset({"FunctionDef", "ClassDef", "TypeAlias"})


def lower(text: str) -> str | None:
    """The text with all newer syntax spelled in that of Python 3.10, each name in its place.

    Length and newlines stay the same, so offsets do; columns in UTF-8 bytes may not: turn
    positions into offsets with a LineIndex of the result. None if libcst, which knows the newest
    syntax, can't parse the text either.
    """
    if _deepest_brackets(text) > _MOST_BRACKETS:
        return None
    import libcst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    try:
        kept = _without_losses(text)
        module = libcst.parse_module(kept)
        if module.code != kept:
            return None
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        spans = wrapper.resolve(ByteSpanPositionProvider)
    except Exception:  # libcst has no common base for what its parser and its nodes raise
        return None
    lowered = lower_fstrings(text)
    if lowered is None:
        return None
    lowering = _Lowering(lowered, _character_spans(text, spans))
    for node in spans:
        lowering.visit(node)
    return "".join(lowering.characters)


def _deepest_brackets(text: str) -> int:
    """How many brackets are open at most in one place, outside of strings and comments."""
    position = depth = deepest = 0
    while (found := TOKEN.search(text, position)) is not None:
        position = found.end()
        if found["quote"]:
            position = string_end(text, position, found["quote"]) or position
        elif found["open"]:
            depth += 1
            deepest = max(deepest, depth)
        elif found["close"]:
            depth = max(depth - 1, 0)
    return deepest


def _without_losses(text: str) -> str:
    """The same code at the same offsets, without the white space that libcst 1.9 drops.

    That is a form feed before the code of a line, and a CR that ends the text.
    """
    text = _LEADING_FEED.sub(lambda found: "\n" * len(found[0]), text)
    return _LONE_CR.sub("\n", _FEED_BEFORE_CODE.sub(r"\2\1", text))


def _character_spans(text: str, spans: Mapping[Any, Any]) -> dict[Any, tuple[int, int]]:
    if text.isascii():
        return {node: (span.start, span.start + span.length) for node, span in spans.items()}
    ends = accumulate(len(character.encode("utf-8")) for character in text)
    characters = {0: 0} | {end: number for number, end in enumerate(ends, start=1)}
    # Where the last line has no end, libcst gives the module one beyond the text.
    return {
        node: (characters[span.start], characters.get(span.start + span.length, len(text)))
        for node, span in spans.items()
    }


class _Lowering(Canvas):
    """Rewrites by the kind of node.

    Nodes are told apart by the name of their class, as older versions of libcst lack some.
    """

    def visit(self, node: Any) -> None:
        kind = type(node).__name__
        if kind in _GENERIC and node.type_parameters is not None:
            TypeParameters(self, node).lower(kind)
        elif kind in ("TypeAlias", "LazyImport", "LazyImportFrom"):
            # In place of "type" or "lazy", a statement keeps what follows where it is.
            self.put(self.spans[node][0], "0;  ")
        elif kind in ("ExceptStarHandler", "ExceptHandler"):
            self.handler(node, kind)
        elif kind == "Index" and node.star:
            self.put(self.spans[node][0], " ")
        elif kind == "Annotation" and type(node.annotation).__name__ == "StarredElement":
            self.put(self.spans[node.annotation][0], " ")
        elif kind in _COMPREHENSIONS and type(node.elt).__name__ == "StarredElement":
            self.put(self.spans[node.elt][0], " ")
        elif kind == "StarredDictComp":
            self.put(self.text.index("**", self.spans[node][0]), "  ")

    def handler(self, node: Any, kind: str) -> None:
        if kind == "ExceptStarHandler":
            start = self.spans[node][0]
            self.put(self.text.index("*", start), " ")
        if type(node.type).__name__ == "Tuple" and not node.type.lpar:
            elements = node.type.elements
            for number, element in enumerate(elements, start=1):
                if type(element.comma).__name__ == "Comma":
                    last = number == len(elements)
                    self.put(self.spans[element.comma][0], " " if last else "|")
