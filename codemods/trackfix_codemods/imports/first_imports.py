"""Imports for a file, or a function, that has none to put them beside."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from trackfix.source.document import Edit
from trackfix.source.text import whole_lines
from trackfix_codemods.imports.changes import NewImport
from trackfix_codemods.imports.layout import ImportLayout

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Owner = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


def first_imports(layout: ImportLayout, owner: Owner, new: Iterable[NewImport]) -> Edit:
    """Imports before everything else in a body, behind its docstring."""
    names: dict[str, list[str]] = {}
    for item in new:
        assert item.name is not None
        names.setdefault(item.module, []).append(item.name.code)
    newline, text = layout.newline, layout.text
    lines = [f"from {module} import {', '.join(sorted(names[module]))}" for module in sorted(names)]
    code = newline.join(lines)
    first, *others = owner.body
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if is_docstring and isinstance(owner, ast.Module):
        end = layout.line_end(first)
        behind = whole_lines(text[end:])[1:]
        following = [node for node in others if node.lineno > (first.end_lineno or 0)]
        apart = newline * _lacking(behind, following[0]) if following else ""
        return Edit(end, end, f"{newline}{newline}{code}{apart}")
    if isinstance(owner, ast.Module):
        start = _behind_head(text)
        apart = newline * _lacking(whole_lines(text[start:]), first)
        return Edit(start, start, f"{code}{newline}{apart}")
    if is_docstring and others:
        first = others[0]
    decorators = getattr(first, "decorator_list", [])
    start = layout.line_start(first)
    if decorators:
        at = layout.document.span(decorators[0])[0]
        start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    indent = layout.indent(first)
    code = newline.join(f"{indent}{line}" for line in lines)
    return Edit(start, start, f"{code}{newline}{newline}")


def _lacking(lines: Sequence[str], statement: ast.stmt) -> int:
    """How many blank lines are needed between an import and the ``lines`` that come behind it, with
    the ``statement`` first: none if there are some, however many the file is used to."""
    if not lines[0].strip():
        return 0
    return 2 if isinstance(statement, _DEFINITIONS) else 1


def _behind_head(text: str) -> int:
    """Where the code of a file starts: behind the line that names the interpreter, the one that
    names the encoding, and the comments with them."""
    offset = 0
    for line in whole_lines(text):
        if not line.startswith("#"):
            break
        offset += len(line)
    return offset
