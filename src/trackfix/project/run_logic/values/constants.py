"""The text constants of a module, as far as the module itself tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import dotted, string_value, written_module

Texts = dict[str, str]
Objects = dict[str, tuple[str, str]]


def text_constants(tree: ast.Module) -> Texts:
    """The texts by the names that other modules have for them: ``NAME``, ``Class.NAME``, also of an
    enumeration, ``name.part`` of an object that is made of texts, and ``NAME.key`` of a dictionary.
    """
    found: Texts = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                for name, value in _bound(part):
                    text = _text(value, found, f"{node.name}.")
                    if text is not None:
                        found[f"{node.name}.{name}"] = text
        for name, value in _bound(node):
            text = _text(value, found, "")
            if text is not None:
                found[name] = text
            found |= {f"{name}.{part}": text for part, text in _parts(value, found)}
    return found


def imported_objects(tree: ast.Module) -> Objects:
    """The objects that a module makes of classes which it imports, ``KEYS = Keys()``, each with the
    module as it is written and the class. Arguments may make anything of one."""
    classes = {
        alias.asname or alias.name: (written_module(node), alias.name)
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return {
        name: classes[value.func.id]
        for node in tree.body
        for name, value in _bound(node)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
        if value.func.id in classes and not (value.args or value.keywords)
    }


def _bound(node: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                yield target.id, node.value


def _text(node: ast.expr, known: Texts, prefix: str) -> str | None:
    """The text of an expression of texts that are known; None for any other."""
    if isinstance(node, ast.Constant):
        return string_value(node)
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = (dotted(node) or "").removesuffix(".value")
        return known.get(prefix + name, known.get(name))
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, known, prefix)
    if isinstance(node, ast.JoinedStr):
        parts = [_text(part, known, prefix) for part in node.values]
        texts = [part for part in parts if part is not None]
        return "".join(texts) if len(texts) == len(parts) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _text(node.left, known, prefix), _text(node.right, known, prefix)
        return left + right if left is not None and right is not None else None
    return None


def _parts(node: ast.expr, known: Texts) -> Iterator[tuple[str, str]]:
    """The texts of which an object or a dictionary is made, by the names of its parts."""
    pairs: list[tuple[str | None, ast.expr]] = []
    if isinstance(node, ast.Dict):
        pairs = [
            (string_value(key), value) for key, value in zip(node.keys, node.values, strict=True)
        ]
    elif isinstance(node, ast.Call):
        made = f"{dotted(node.func) or ''}."
        of_class = ((name.removeprefix(made), name) for name in known if name.startswith(made))
        given = {keyword.arg for keyword in node.keywords}
        if not node.args:
            yield from ((part, known[name]) for part, name in of_class if part not in given)
        pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
    for name, value in pairs:
        text = _text(value, known, "")
        if name and text is not None:
            yield name, text
