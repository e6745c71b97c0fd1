"""Spells type parameter lists (PEP 695 and 696) in syntax of Python 3.10."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from trackfix.source.patterns import lazy_pattern

_NOT_NEWLINE = lazy_pattern(r"[^\r\n]")
_NOT_BLANK = lazy_pattern(r"[^\s\\]")


class Canvas:
    """A text whose characters are rewritten in place, and the spans of libcst's nodes in it."""

    def __init__(self, text: str, spans: Mapping[Any, tuple[int, int]]) -> None:
        self.characters = list(text)
        self.text = text
        self.spans = spans

    def put(self, start: int, new: str) -> None:
        self.characters[start : start + len(new)] = new

    def blank(self, start: int, end: int) -> None:
        self.characters[start:end] = _NOT_NEWLINE.sub(" ", self.text[start:end])


class TypeParameters:
    """Keeps the expressions of a type parameter list, which may name what nothing else does."""

    def __init__(self, canvas: Canvas, node: Any) -> None:
        self.node = node
        self.put = canvas.put
        self.blank = canvas.blank
        self.spans = canvas.spans
        self.text = canvas.text
        self.parameters = node.type_parameters.params
        self.start, end = self.spans[node.type_parameters]
        self.close = end - 1

    def lower(self, kind: str) -> None:
        """Rewrite the list of a FunctionDef, ClassDef or TypeAlias."""
        expressive = any(map(_is_expressive, self.parameters))
        if kind == "FunctionDef":
            self.function(expressive)
        elif kind == "TypeAlias":
            self.alias(expressive)
        elif self.text.startswith("(", self.after_close()):
            self.class_with_bases(expressive)
        else:
            self.plain_class()

    def function(self, expressive: bool) -> None:
        """As parameters of the function, so that they bind their names in it."""
        self.put(self.start, "(")
        self.put(self.after_close(), " ")
        if not expressive:
            self.blank(self.start + 1, self.close + 1)
            return
        self.annotate()
        trailing = self.comma(self.parameters[-1]) is not None
        self.put(self.close, " " if trailing else ",")

    def annotate(self) -> None:
        """Make plain parameters of them, with all their expressions in annotations."""
        for parameter in self.parameters:
            self.drop_stars(parameter)
            if parameter.default is not None:
                # A default would need one for each parameter that follows.
                bound = getattr(parameter.param, "bound", None)
                self.put(self.spans[parameter.equal][0], "|" if bound is not None else ":")

    def class_with_bases(self, expressive: bool) -> None:
        """As a starred list before the bases."""
        self.put(self.start, "(")
        if not expressive:
            self.blank(self.start + 1, self.close + 1)
            self.put(self.after_close(), " ")
            return
        self.put(self.after_close(), ",")
        # What is not an expression gives the room for what opens the list.
        room = [self.spans[self.parameters[0]][0]]
        for parameter in self.parameters:
            if not _is_expressive(parameter):
                self.blank(*self.with_comma(parameter))
                continue
            self.blank(self.spans[parameter][0], self.spans[parameter.param.name][1])
            bound = getattr(parameter.param, "bound", None)
            if bound is not None:
                room.append(self.spans[parameter.param.colon][0])
                self.put(room[-1], " ")
            if parameter.default is not None:
                room.append(self.spans[parameter.equal][0])
                self.put(room[-1], "," if bound is not None else " ")
        self.put(room[0], "*")
        self.put(room[1], "[")

    def plain_class(self) -> None:
        """As keywords, of which a class may have any."""
        self.put(self.start, "(")
        self.put(self.close, ")")
        for parameter in self.parameters:
            if not _is_expressive(parameter):
                self.blank(*self.with_comma(parameter))
                continue
            self.drop_stars(parameter)
            bound = getattr(parameter.param, "bound", None)
            if bound is not None:
                self.put(self.spans[parameter.param.colon][0], "=")
                if parameter.default is not None:
                    self.put(self.spans[parameter.equal][0], "|")

    def alias(self, expressive: bool) -> None:
        """As parameters of a function of the alias's name, whose body is the value.

        Without expressions on one line they can go, and the alias be an assignment.
        """
        span = (self.start, self.close + 1)
        if not expressive and not re.search(r"[\r\n]", self.text[slice(*span)]):
            self.put(self.spans[self.node][0], "0;  ")
            self.blank(*span)
            return
        self.put(self.spans[self.node][0], "def ")
        self.put(self.start, "(")
        self.put(self.close, ")")
        self.put(self.after_close(), ":")
        self.annotate()

    def drop_stars(self, parameter: Any) -> None:
        self.blank(self.spans[parameter][0], self.spans[parameter.param.name][0])
        if parameter.star:
            self.put(self.text.index("*", self.spans[parameter.equal][1]), " ")

    def comma(self, parameter: Any) -> int | None:
        span = self.spans.get(parameter.comma)
        return span[0] if span else None

    def with_comma(self, parameter: Any) -> tuple[int, int]:
        start, end = self.spans[parameter.param]
        comma = self.comma(parameter)
        return start, end if comma is None else comma + 1

    def after_close(self) -> int:
        """Offset of what follows the list: a parenthesis, a colon or an equals sign."""
        found = _NOT_BLANK.search(self.text, self.close + 1)
        return found.start() if found else len(self.text)


def _is_expressive(parameter: Any) -> bool:
    return getattr(parameter.param, "bound", None) is not None or parameter.default is not None
