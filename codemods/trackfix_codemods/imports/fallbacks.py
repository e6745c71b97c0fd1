"""``try: from new import a``, ``except ImportError: from old import a``: one import in the end."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from trackfix.project.facts.expressions import dotted, written_module
from trackfix.source.document import Document, Edit, from_bytes
from trackfix_codemods.imports.imported_name import is_pragma

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})


def with_edits(document: Document, edits: Sequence[Edit]) -> bytes:
    """The bytes of a document after ``edits``, with each try statement that they made pointless as
    one import.

    Raises:
        SourceError: they can't be written, or make it no Python.
    """
    before, after = document, from_bytes(document.path, document.with_edits(edits))
    old = {ast.dump(node) for node in ast.walk(before.tree) if _branches(node) is not None}
    found = []
    for node in ast.walk(after.tree):
        branches = _branches(node)
        if branches is None or ast.dump(node) in old or len({ast.dump(b) for b in branches}) > 1:
            continue
        edit = _collapsed(node, branches[0], after)
        if edit is not None:
            found.append(edit)
    return after.with_edits(found) if found else after.data


def _branches(node: ast.AST) -> list[ast.ImportFrom] | None:
    """The imports of a try statement that holds one in each branch, else None."""
    if not isinstance(node, ast.Try) or node.orelse or node.finalbody or not node.handlers:
        return None
    imports = []
    for body in (node.body, *(handler.body for handler in node.handlers)):
        if len(body) != 1 or not isinstance(body[0], ast.ImportFrom):
            return None
        imports.append(body[0])
    for handler in node.handlers:
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if not all(dotted(kind) in _IMPORT_ERRORS for kind in types):
            return None
    return imports


def _collapsed(node: ast.AST, statement: ast.ImportFrom, document: Document) -> Edit | None:
    assert isinstance(node, ast.Try)
    start, end = document.span(node)
    inner_start, inner_end = document.span(statement)
    text = document.text[start:end]
    for line in text.splitlines():
        comment = line.partition("#")[1] + line.partition("#")[2]
        # What stands behind ``except`` says when the other branch is needed, which is never now.
        if comment and not is_pragma(comment) and not line.lstrip().startswith("except"):
            return None
    code = document.text[inner_start:inner_end]
    if "\n" in code:
        from trackfix_codemods.imports.statements import read_names, render_from

        indent = " " * node.col_offset
        code = render_from(
            written_module(statement),
            read_names(code),
            indent=indent,
            limit=0,
            newline=document.newline,
        )
    own, last = _behind(document, inner_end), _behind(document, end)
    if last.strip() and not is_pragma(last.strip()):
        return Edit(start, end, code)
    return Edit(start, end + len(last), code + own)


def _behind(document: Document, offset: int) -> str:
    """What stands behind a place in its line."""
    return document.text[offset:].partition("\n")[0].rstrip("\r")
