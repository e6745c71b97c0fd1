"""What of a module looks the class or the factory up each time that it runs."""

from __future__ import annotations

import ast

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Use
from trackfix_codemods.clients.groups import Group
from trackfix_codemods.clients.sites import Site, root_of, runs_late


def late_lines(group: Group) -> set[int]:
    """The lines of a module that will call the factory each time that they run."""
    names = group.names
    aliases = {site.alias for site in group.sites if site.alias}
    uses = (use for word in aliases for use in names.scopes.uses_of(word, names.scopes.module))
    lines = {names.line(use.node) for use in uses if runs_late(use.scope)}
    return lines | {site.line for site in group.sites if site.is_late}


def by_module(group: Group, site: Site) -> bool:
    """Whether a site will look the factory up in the module each time that it runs."""
    module = group.names.scopes.module
    inner = (place for place in group.places.found if place.scope is not module)
    is_given = any(place.beside in site.anchors for place in inner)
    return of_module(group, site, group.places.local) and not is_given


def of_module(group: Group, site: Site, word: str) -> bool:
    """Whether the code of a site takes a name from its module each time that it runs."""
    scopes = group.names.scopes
    return site.is_late and scopes.binding_scope(word, site.scope) in (scopes.module, None)


def late_uses(group: Group, name: str) -> list[Use]:
    """The uses of a name of the module, at run time, that stay as they are."""
    names = group.names
    done = {id(root_of(site.target)) for site in group.sites}
    return [
        use
        for use in names.scopes.uses_of(name, names.scopes.module)
        if id(use.node) not in done
        and not use.quoted
        and runs_late(use.scope)
        and not _is_annotation(names, use)
    ]


def _is_annotation(names: FileNames, use: Use) -> bool:
    inner: ast.AST = use.node
    outer = names.parents.get(inner)
    while outer is not None and not isinstance(inner, ast.stmt):
        if inner in (getattr(outer, "annotation", None), getattr(outer, "returns", None)):
            return True
        inner, outer = outer, names.parents.get(outer)
    return False
