"""The arguments of a construction, as they are written in a call of the factory."""

from __future__ import annotations

import ast

from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.signature import Parameter
from trackfix.source.document import Document, Edit


def argument_edits(
    document: Document,
    callee: ast.expr,
    arguments: tuple[ast.expr, ...],
    keywords: tuple[ast.keyword, ...],
    factory: ClientFactory,
) -> tuple[list[Edit], str]:
    """The edits that give the arguments of a construction to the factory, none where they can
    stay as they stand, and what stands in the way."""
    fit = factory.fit(arguments, keywords)
    if fit.obstacle or fit.verbatim:
        return [], fit.obstacle
    given = {id(value): parameter for parameter, value in fit.arguments}
    places = [p for p in factory.parameters if p.is_positional]
    edits: list[Edit] = []
    end = document.span(callee)[1]
    for position, value in enumerate(arguments):
        parameter = given[id(value)]
        start = document.span(value)[0]
        if edits or places[position : position + 1] != [parameter]:
            between = document.text[end:start]
            # A bracket around the value itself would have to stay behind the name.
            if parameter.kind == "positional-only" or between.count("(") > between.startswith("("):
                return [], "its arguments would have to change places"
            edits.append(Edit(start, start, f"{parameter.name}="))
        end = document.span(value)[1]
    for keyword in keywords:
        edit = _renamed(document, keyword, given[id(keyword.value)])
        if edit is None:
            return [], "its arguments would have to change places"
        edits += edit
    return edits, ""


def _renamed(document: Document, keyword: ast.keyword, parameter: Parameter) -> list[Edit] | None:
    """The edits that give a keyword to another parameter; None when that takes no keywords."""
    if parameter.kind == "positional-only":
        return None
    if parameter.name == keyword.arg:
        return []
    start = document.lines.offset(keyword.lineno, keyword.col_offset)
    return [Edit(start, start + len(keyword.arg or ""), parameter.name)]
