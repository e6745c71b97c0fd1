"""One import statement: read it, point it elsewhere, write a new one. On libcst."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from trackfix_codemods.imports.imported_name import ImportedName, is_pragma


def read_names(text: str) -> list[ImportedName]:
    """The names of the from-import that ``text`` is, in their order. What is said to a tool behind
    its opening bracket is of no name: see `opening_pragma`."""
    node = _import_from(cst.parse_module(text))
    assert not isinstance(node.names, cst.ImportStar)
    above, opening = _comments(node.lpar.whitespace_after if node.lpar else None)
    above = ([opening] if opening and not is_pragma(opening) else []) + above
    names = []
    for position, alias in enumerate(node.names):
        comma = alias.comma
        after = comma.whitespace_after if isinstance(comma, cst.Comma) else None
        below, behind = _comments(after)
        if position == len(node.names) - 1 and node.rpar is not None:
            more, last = _comments(node.rpar.whitespace_before)
            behind, below = behind or last, below + more
        asname = alias.evaluated_alias or ""
        names.append(ImportedName(alias.evaluated_name, asname, behind, tuple(above)))
        above = below
    if above and names:
        last_name = names[-1]
        names[-1] = ImportedName(
            last_name.name, last_name.asname, last_name.comment, (*last_name.above, *above)
        )
    return names


def opening_pragma(text: str) -> str:
    """The comment to a tool behind the opening bracket of a from-import, or nothing."""
    node = _import_from(cst.parse_module(text))
    _, opening = _comments(node.lpar.whitespace_after if node.lpar else None)
    return opening if is_pragma(opening) else ""


def with_pragma(code: str, pragma: str) -> str:
    """A from-import with such a comment at the end of its first line."""
    if not pragma:
        return code
    end = min(found for mark in "\r\n" if (found := f"{code}{mark}".find(mark)) >= 0)
    return f"{code[:end]}  {pragma}{code[end:]}"


def retarget(text: str, module: str, names: Sequence[ImportedName] | None) -> str:
    """The from-import ``text`` with another module and, where ``names`` differ, other names;
    its layout and comments stay as they are."""
    tree = cst.parse_module(text)
    node = _import_from(tree)
    dots = len(module) - len(module.lstrip("."))
    rest = module[dots:]
    changes: dict[str, object] = {
        "relative": [cst.Dot() for _ in range(dots)],
        "module": _dotted(rest) if rest else None,
    }
    if names is not None and not isinstance(node.names, cst.ImportStar):
        changes["names"] = [
            alias
            if (alias.evaluated_name, alias.evaluated_alias or "") == (new.name, new.asname)
            else alias.with_changes(
                name=cst.Name(new.name),
                asname=cst.AsName(cst.Name(new.asname)) if new.asname else None,
            )
            for alias, new in zip(node.names, names, strict=True)
        ]
    changed = tree.deep_replace(node, node.with_changes(**changes))
    assert isinstance(changed, cst.Module)
    return changed.code


def render_from(
    module: str, names: Sequence[ImportedName], *, indent: str, limit: int, newline: str
) -> str:
    """A from-import on one line where it fits and no name has a comment, else in parentheses."""
    one_line = f"from {module} import {', '.join(name.code for name in names)}"
    if not any(name.has_comment for name in names) and len(indent + one_line) <= limit:
        return one_line
    inner = indent + ("\t" if "\t" in indent else "    ")
    lines = [f"from {module} import ("]
    for name in names:
        lines += [f"{inner}{comment}" for comment in name.above]
        lines.append(f"{inner}{name.code}," + (f"  {name.comment}" if name.comment else ""))
    return newline.join([*lines, f"{indent})"])


def render_import(module: str, asname: str = "") -> str:
    """A plain import."""
    return f"import {module} as {asname}" if asname else f"import {module}"


def _import_from(tree: cst.Module) -> cst.ImportFrom:
    line = tree.body[0]
    assert isinstance(line, cst.SimpleStatementLine)
    node = line.body[0]
    assert isinstance(node, cst.ImportFrom)
    return node


def _dotted(name: str) -> cst.Name | cst.Attribute:
    first, *others = name.split(".")
    node: cst.Name | cst.Attribute = cst.Name(first)
    for part in others:
        node = cst.Attribute(node, cst.Name(part))
    return node


def _comments(space: cst.BaseParenthesizableWhitespace | None) -> tuple[list[str], str]:
    """The comments on lines of their own, and the one at the end of the first line."""
    if not isinstance(space, cst.ParenthesizedWhitespace):
        return [], ""
    own = [line.comment.value for line in space.empty_lines if line.comment is not None]
    first = space.first_line.comment
    return own, first.value if first is not None else ""
