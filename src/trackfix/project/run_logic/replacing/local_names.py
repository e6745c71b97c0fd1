"""By which name a file has, or could have, a source of truth."""

from __future__ import annotations

import ast

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.project import Project
from trackfix.project.run_logic.groups.truths import Truth
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.plain_shapes import Shapes


def local_name(
    shapes: Shapes, project: Project, graph: ImportGraph, truth: Truth, node: ast.AST
) -> str:
    """The name by which the file has the source of truth where a node stands; empty if it
    could be imported.

    Raises:
        NotPlain: it can't.
    """
    names, name = shapes.names, truth.name
    scope = shapes.scope(node)
    wanted = Meaning(truth.module, name)
    if truth.path == names.path:
        if names.scopes.binding_scope(name, scope) is names.scopes.module:
            return name
        raise NotPlain(f"{name} means something else here")
    words = {name}
    for statement in names.scopes.statement_scopes:
        if isinstance(statement, ast.ImportFrom):
            words |= {a.asname for a in statement.names if a.asname and a.name == name}
    for word in sorted(words, key=lambda w: (len(w), w)):
        owner = names.scopes.binding_scope(word, scope)
        if owner is not None and names.of_name(word, scope) == wanted:
            at_top = names.document.tree if owner is names.scopes.module else owner.node
            first, *others = owner.bindings[word]
            is_early = owner is names.scopes.module or first.lineno < node.lineno  # type: ignore[attr-defined]
            if not others and shapes.parents.get(first) is at_top and is_early:
                return word
            raise NotPlain(f"{word} is imported on some condition only")
    if any(name in scope.bindings for scope in names.scopes.all):
        raise NotPlain(f"{name} means something else in this file")
    if names.scopes.star_imports:
        raise NotPlain(f"a star import may bind {name}")
    if project.find(truth.module, names.path) is None:
        raise NotPlain(f"{truth.module} can't be imported here")
    if graph.half_loaded(names.path, truth.module):
        raise NotPlain(f"importing {truth.module} here would close an import cycle")
    return ""
