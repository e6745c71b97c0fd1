"""Where a function looks up a tag by its key."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.facts.expressions import call_name, dotted, string_value
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.tag_keys import key_of
from trackfix.source.patterns import lazy_pattern

_TAGS_NAME = lazy_pattern(r"(?:^|_)tags$")
# MLflow's entities keep those that it calls internal in the second one.
_TAGS = ("tags", "_tags")


def tag_lookups(body: Body) -> Iterator[tuple[str, ast.expr]]:
    """``tags[key]``, ``tags.get(key)`` and the column ``tags.key``, in the order of the text."""
    names = {
        name
        for name, held in body.holdings.items()
        if any(part.how == "value" and _is_tags(part.value) for part in held)
    }
    names |= {name for name in body.parameters if _TAGS_NAME.search(name)}
    sources: list[ast.expr] = [node for node in body.of(ast.Attribute) if _is_tags(node)]
    sources += [node for node in body.of(ast.Call) if _is_tags(node)]
    sources += [node for node in body.of(ast.BoolOp) if _is_tags(node)]
    sources += [node for name in sorted(names) for node in body.reads.get(name, ())]
    found: list[tuple[str, ast.expr]] = []
    for source in sources:
        asked = _asked(source, body)
        if asked is not None:
            found.append((key_of(asked[0], body), asked[1]))
    found += [*_columns(body), *_scans(body), *_scans_of_items(body)]
    return iter(sorted(found, key=lambda item: (item[1].lineno, item[1].col_offset)))


def _asked(node: ast.expr, body: Body) -> tuple[ast.expr, ast.expr] | None:
    """The key that is asked of tags, and the whole read."""
    parent = body.file.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        return (parent.slice, parent) if isinstance(parent.ctx, ast.Load) else None
    if isinstance(parent, ast.Attribute) and parent.attr == "get":
        call = body.file.parents.get(parent)
        if isinstance(call, ast.Call) and call.func is parent and call.args:
            return call.args[0], call
    return None


def _columns(body: Body) -> Iterator[tuple[str, ast.expr]]:
    """``row["tags.key"]`` and ``row.get("tags.key")`` of a table of runs."""
    for node in body.of(ast.Subscript):
        text = string_value(node.slice) or ""
        if text.startswith("tags.") and isinstance(node.ctx, ast.Load):
            yield text.removeprefix("tags."), node
    for call in body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "get" and call.args:
            text = string_value(call.args[0]) or ""
            if text.startswith("tags."):
                yield text.removeprefix("tags."), call


def _scans(body: Body) -> Iterator[tuple[str, ast.expr]]:
    """``tag.key == key`` of a tag that is one of many."""
    for test in body.of(ast.Compare):
        sides = (test.left, test.comparators[0])
        for side, other in (sides, sides[::-1]):
            if not (isinstance(side, ast.Attribute) and side.attr == "key"):
                continue
            held = body.holdings.get(dotted(side.value) or "", ())
            if isinstance(test.ops[0], ast.Eq) and any(
                part.how == "each" and (_is_tags(part.value) or _has_tags_name(part.value))
                for part in held
            ):
                yield key_of(other, body), test


def _scans_of_items(body: Body) -> Iterator[tuple[str, ast.expr]]:
    """``key == "x"`` of the items of tags that are gone through."""
    comprehensions: list[ast.GeneratorExp | ast.ListComp] = [
        *body.of(ast.GeneratorExp),
        *body.of(ast.ListComp),
    ]
    loops: list[ast.For | ast.AsyncFor | ast.comprehension] = [
        *body.of(ast.For),
        *(part for whole in comprehensions for part in whole.generators),
    ]
    keys = {
        loop.target.elts[0].id
        for loop in loops
        if isinstance(loop.target, ast.Tuple)
        and isinstance(loop.target.elts[0], ast.Name)
        and isinstance(loop.iter, ast.Call)
        and isinstance(loop.iter.func, ast.Attribute)
        and loop.iter.func.attr == "items"
        and _is_tags(loop.iter.func.value)
    }
    for test in body.of(ast.Compare) if keys else ():
        is_key = isinstance(test.left, ast.Name) and test.left.id in keys
        if is_key and isinstance(test.ops[0], ast.Eq):
            yield key_of(test.comparators[0], body), test


def _has_tags_name(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and _TAGS_NAME.search(node.id) is not None


def _is_tags(node: ast.expr) -> bool:
    """Whether an expression is the tags of a run, an experiment or a version of a model, perhaps
    with something to fall back on. ``self.tags`` may be anything."""
    if isinstance(node, ast.BoolOp):
        return _is_tags(node.values[0])
    if isinstance(node, ast.IfExp):
        return _is_tags(node.body) or _is_tags(node.orelse)
    if isinstance(node, ast.Call):
        name = call_name(node)
        if name == "dict" and node.args:
            return _is_tags(node.args[0])
        return name == "getattr" and len(node.args) > 1 and string_value(node.args[1]) in _TAGS
    if isinstance(node, ast.DictComp):
        source = node.generators[0].iter
        return _is_tags(source) or _has_tags_name(source)
    return (
        isinstance(node, ast.Attribute)
        and node.attr in _TAGS
        and dotted(node.value) not in ("self", "cls")
    )
