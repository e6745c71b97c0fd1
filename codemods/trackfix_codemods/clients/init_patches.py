"""Patches of how mlflow's client class is made: of its ``__init__`` or its ``__new__``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.clients.constructions import Clients
from trackfix.project.facts.expressions import last_call_name
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.references.string_contexts import target_calls
from trackfix.project.test_paths import is_test_path
from trackfix.source.patterns import lazy_pattern
from trackfix_codemods.clients.reference import Reference

_MAKING = frozenset({"__init__", "__new__"})
_SAID = lazy_pattern(rb"\b__(?:init|new)__[\"']")
_WITH_NAME = frozenset({"object", "setattr", "spy"})


def find_init_patches(clients: Clients) -> Iterator[Reference]:
    """The patches in tests of what gets the arguments of every construction, by whatever module
    the class is looked up."""
    for path in filter(is_test_path, files_with(clients.project, clients.words)):
        may_be = _SAID.search(clients.project.read(path)) is not None
        names = clients.meanings.file(path) if may_be else None
        for node in names.document.index.strings if names is not None else ():
            owner, _, last = str(node.value).rpartition(".")
            if names is not None and last in _MAKING:
                yield from _patches(clients, names, node, owner, last)


def _patches(
    clients: Clients, names: FileNames, node: ast.Constant, owner: str, last: str
) -> Iterator[Reference]:
    if owner:
        module, _, word = owner.rpartition(".")
        found = clients.meanings.member(module, word, names.path) if module else None
        calls = target_calls(node, names.parents, names.scopes)
    else:
        call = names.parents.get(node)
        is_patch = isinstance(call, ast.Call) and last_call_name(call) in _WITH_NAME
        if not isinstance(call, ast.Call) or not is_patch or call.args[1:2] != [node]:
            return
        found = names.of(call.args[0], names.scope_at(call))
        calls = [call]
    if found is not None and found.is_client:
        offset = names.document.span(node)[0]
        for call in calls:
            yield Reference(names, node, offset, "patch", found.module, last, call=call)
