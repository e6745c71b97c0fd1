"""Names that a module needs no more itself, and that others take from it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.references.notebook_runs import NotebookRuns
from trackfix.project.references.settings_names import named_in_settings
from trackfix_codemods.clients.groups import Group
from trackfix_codemods.clients.reference import Reference
from trackfix_codemods.clients.sites import left_over


def kept_by_settings(names: FileNames, word: str) -> str:
    """Which file of settings names what a module holds under a name; empty when none does."""
    project = names.meanings.project
    dotted = [f"{module}.{word}" for module in project.names_of(names.path)]
    path = next((path for path, _, _ in named_in_settings(project, dotted)), "")
    return f"{path} names {word} of this module" if path else ""


def taken_by_run(names: FileNames, word: str) -> str:
    """Which notebook that runs this one may use a name that it leaves there; empty when none."""
    taker = names.meanings.resolver.analysis(NotebookRuns).taker(names.path, word)
    return f"{taker} runs this notebook, and may use {word}" if taker else ""


def kept_names(groups: Mapping[str, Group], references: Iterable[Reference]) -> dict[str, set[str]]:
    """For each module the names that must stay because other files go on importing them."""
    leaving = {
        path: {(word, id(scope)) for word, scope in left_over(group.names, group.sites)}
        for path, group in groups.items()
    }
    imports = [r for r in references if r.kind == "import" and r.module in groups]
    kept: dict[str, set[str]] = {path: set() for path in groups}
    changed = True
    while changed:
        changed = False
        for reference in imports:
            if reference.name in kept[reference.module] or _goes(reference, groups, leaving, kept):
                continue
            kept[reference.module].add(reference.name)
            changed = True
    return kept


def _goes(
    reference: Reference,
    groups: Mapping[str, Group],
    leaving: Mapping[str, set[tuple[str, int]]],
    kept: Mapping[str, set[str]],
) -> bool:
    """Whether the import that takes a name goes as well."""
    node, group = reference.node, groups.get(reference.path)
    if group is None or not isinstance(node, ast.ImportFrom):
        return False
    scope = group.names.scopes.statement_scopes.get(node)
    local = next((a.asname or a.name for a in node.names if a.name == reference.name), "")
    if scope is None or (local, id(scope)) not in leaving[reference.path]:
        return False
    return scope.parent is not None or local not in kept[reference.path]
