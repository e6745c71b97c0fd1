"""Calls of the client factory with a keyword for which it has another name."""

from __future__ import annotations

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.factory_calls import find_factory_calls
from trackfix.source.document import Edit


def keyword_edits(clients: Clients, factory: ClientFactory, path: str) -> list[Edit]:
    """The edits of one file that give such keywords the names by which the factory takes them."""
    if not factory.is_complete or factory.signature is None:
        return []
    edits = []
    for found in find_factory_calls(clients, factory, path):
        renames = factory.signature.renames(found.call.args, found.call.keywords)
        for keyword in found.call.keywords:
            parameter = renames.get(keyword.arg or "")
            if parameter is not None:
                lines = found.document.lines
                start = lines.offset(keyword.lineno, keyword.col_offset)
                edits.append(Edit(start, start + len(keyword.arg or ""), parameter.name))
    return edits
