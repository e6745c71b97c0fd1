"""The edits that let constructions of mlflow's client class call the factory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trackfix.source.document import Edit
from trackfix_codemods.clients.groups import Group
from trackfix_codemods.clients.imports import ClientImports
from trackfix_codemods.clients.kept import kept_names
from trackfix_codemods.clients.reference import Reference
from trackfix_codemods.clients.takeover import Takeover


def find_edits(
    groups: Mapping[str, Group], references: Iterable[Reference], takeover: Takeover
) -> dict[str, list[Edit]]:
    """The edits of each file for the groups that nothing stands in the way of."""
    ready = {path: group for path, group in groups.items() if not group.obstacle}
    kept = kept_names(ready, references)
    edits: dict[str, list[Edit]] = {}
    for path, group in ready.items():
        found = edits.setdefault(path, [])
        local = group.places.local
        for site in group.sites:
            found.append(Edit(*group.names.document.span(site.target), local))
            found += site.edits
        imports = ClientImports(group.names, takeover.factory, group.places.layout, local)
        found += imports.edits(group.sites, group.places.found, kept[path])
        for other, edit in group.following:
            edits.setdefault(other, []).append(edit)
    called = {(path, site.line) for path, group in ready.items() for site in group.sites}
    if takeover.is_awaited or takeover.needing & called:
        edits.setdefault(takeover.factory.path, []).extend(takeover.widening.edits)
    return {path: list(dict.fromkeys(found)) for path, found in edits.items() if found}
