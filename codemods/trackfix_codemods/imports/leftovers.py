"""Imports that nothing needs any more."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from trackfix.project.facts.expressions import call_name
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Statement
from trackfix.project.meaning.scopes import Scope
from trackfix.source.patterns import lazy_pattern

_KEPT = lazy_pattern(r"#\s*noqa(?!\s*:)|#\s*noqa\s*:[^#]*\bF401\b", re.IGNORECASE)


def left_without(names: FileNames, roots: Collection[ast.Name]) -> list[tuple[str, Scope]]:
    """The imported names that nothing in the file uses once these uses are gone, with the scopes
    that bind them."""
    done = set(map(id, roots))
    scope_of = {id(use.node): use.scope for use in names.scopes.uses}
    found: list[tuple[str, Scope]] = []
    for root in roots:
        scope = scope_of.get(id(root))
        owner = names.scopes.binding_scope(root.id, scope) if scope is not None else None
        if owner is None or any(word == root.id and o is owner for word, o in found):
            continue
        nodes = owner.bindings[root.id]
        needless = (
            all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes)
            and all(id(use.node) in done for use in names.scopes.uses_of(root.id, owner))
            and not any(_is_kept(names, node) for node in nodes)
            and root.id not in names.document.magic_words
        )
        if needless and not (owner is names.scopes.module and is_handed_on(names, root.id)):
            found.append((root.id, owner))
    return found


def origin_of(names: FileNames, word: str) -> str:
    """What a name that the module imports stands for, dotted."""
    node = names.scopes.module.bindings[word][0]
    assert isinstance(node, (ast.Import, ast.ImportFrom))
    alias = next(a for a in node.names if (a.asname or bound_by(node, a)) == word)
    if isinstance(node, ast.ImportFrom):
        return f"{names.target(node)}.{alias.name}"
    return alias.name if alias.asname else word


def _is_kept(names: FileNames, node: ast.AST) -> bool:
    """Whether a comment says that an import is there on purpose."""
    assert isinstance(node, ast.stmt)
    start, end = names.document.span(node)
    line_end = names.document.text.find(names.document.newline, end)
    text = names.document.text[start : line_end if line_end >= 0 else None]
    return _KEPT.search(text) is not None


def bound_by(node: Statement, alias: ast.alias) -> str:
    """The name that one alias of an import binds if it gives none itself."""
    return alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name


def is_handed_on(names: FileNames, word: str) -> bool:
    """Whether a module may bind a name for others to import."""
    exports = names.facts.exports
    listed = exports is not None and (word in exports.names or not exports.complete)
    return listed or names.facts.is_package or names.facts.overwrites


def run_from_string(names: FileNames, word: str) -> str:
    """Where a string of the module holds code that uses a name: a doctest, or what is evaluated."""
    for node in (*names.document.index.strings, *names.document.index.docstrings):
        text = str(node.value)
        if re.search(rf"\b{word}\b", text) and (">>>" in text or _is_evaluated(names, node)):
            line = names.line(node)
            return f"{names.path}:{line} runs code that uses {word}"
    return ""


def _is_evaluated(names: FileNames, node: ast.Constant) -> bool:
    call = names.parents.get(node)
    return isinstance(call, ast.Call) and call_name(call) in ("eval", "exec", "compile")
