"""The keys of tags, and of the dictionaries that hold some, as far as the file tells."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from trackfix.project.facts.expressions import (
    call_name,
    dotted,
    keyword_value,
    last_name,
    string_value,
)
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE, hole, key_in
from trackfix.project.run_logic.values.texts import text_of
from trackfix.source.patterns import lazy_pattern

_DEEPEST = 7
# So many keys of one loop tell enough.
_MOST_TURNS = 32
PARENT_TAG = "mlflow.parentRunId"
NAME_TAG = "mlflow.runName"
# A constant of this name has that key, wherever it comes from.
_PARENT_NAME = lazy_pattern(
    r"(?:^|[._:])(?:MLFLOW_)?PARENT_RUN(?:_ID)?(?:_TAG|_KEY)?>$", re.IGNORECASE
)
# MLflow's own classes of one tag.
_TAG_CLASSES = frozenset({"RunTag", "ExperimentTag", "ModelVersionTag", "RegisteredModelTag"})
_DICTIONARIES = frozenset({"dict", "OrderedDict", "defaultdict", "ChainMap", "deepcopy", "copy"})
_COMPREHENSIONS = (ast.DictComp, ast.ListComp, ast.GeneratorExp, ast.SetComp)
# Calls that give the elements of what they are given.
_SAME_ELEMENTS = frozenset({"list", "tuple", "sorted", "set", "iter"})

Tags = dict[str, int]


def key_of(node: ast.expr, body: Body) -> str:
    """A tag key as an expression gives it; a constant that the file does not tell by its name."""
    return key_in(text_of(node, body, node.lineno))


def keys_of(node: ast.expr, body: Body, depth: int = 0) -> list[str]:
    """All tag keys that an expression gives in the turns of a loop around it; the one that
    ``key_of`` gives if it does not depend on such turns, or the file does not tell them."""
    texts = [text_of(node, body, node.lineno)]
    for told in dict.fromkeys(match[1] for match in HOLE.finditer(texts[0])):
        name = told.removesuffix(".value")  # of a member of an enumeration
        values = _turns_of(name, node, body, depth) if name.isidentifier() else []
        if values:
            texts = [t.replace(hole(told), value) for t in texts for value in values[:_MOST_TURNS]]
    return [key_in(text) for text in texts]


def _turns_of(name: str, node: ast.AST, body: Body, depth: int) -> list[str]:
    """The texts that a name is in the turns of the loop or comprehension around a node that binds
    it; empty if that is not known."""
    line = getattr(node, "lineno", 0)
    around: ast.AST | None = node
    while around is not None and around is not body.node:
        parts: list[tuple[ast.expr, ast.expr]] = []
        if isinstance(around, (ast.For, ast.AsyncFor)):
            parts = [(around.target, around.iter)]
        elif isinstance(around, _COMPREHENSIONS):
            parts = [(part.target, part.iter) for part in around.generators]
            # The statement that has it binds its own names afterwards.
            line = body.file.statement(around).lineno - 1
        for target, source in parts:
            if isinstance(target, ast.Name) and target.id == name:
                return list(_turns(source, None, body, line, depth + 1))
            for place, part in enumerate(getattr(target, "elts", ())):
                if isinstance(part, ast.Name) and part.id == name:
                    return list(_turns(source, place, body, line, depth + 1))
        around = body.file.parents.get(around)
    return []


def _turns(
    node: ast.expr, place: int | None, body: Body, line: int, depth: int = 0
) -> Iterator[str]:
    """The texts of the elements that an expression has at a line, or of those at a ``place`` in
    each of them."""
    if depth > _DEEPEST:
        return
    if isinstance(node, ast.Name):
        held = body.held(node.id, line)
        is_single = len(held) == 1 and held[0].how == "value"
        if is_single and not (place is None and is_dictionary(held[0].value)):
            yield from _turns(held[0].value, place, body, line, depth + 1)
        elif place is None:
            yield from (_opened(key) for key in tags_in(node, body, line, depth + 1))
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        for element in node.elts:
            parts = getattr(element, "elts", ())
            if place is None:
                yield text_of(element, body, line)
            elif place < len(parts):
                yield text_of(parts[place], body, line)
    elif isinstance(node, (ast.Dict, ast.DictComp)) and place is None:
        yield from (_opened(key) for key in tags_in(node, body, line, depth + 1))
    elif isinstance(node, ast.Call):
        name = last_name(node.func)
        if name == "zip" and place is not None and place < len(node.args):
            yield from _turns(node.args[place], None, body, line, depth + 1)
        elif name == "enumerate" and place == 1 and node.args:
            yield from _turns(node.args[0], None, body, line, depth + 1)
        elif name in _SAME_ELEMENTS and len(node.args) == 1:
            yield from _turns(node.args[0], place, body, line, depth + 1)
        elif isinstance(node.func, ast.Attribute) and (name, place) in (
            ("items", 0),
            ("keys", None),
        ):
            yield from (_opened(key) for key in tags_in(node.func.value, body, line, depth + 1))
        elif place is None and called_here(node, body) is not None:
            yield from (_opened(key) for key in tags_in(node, body, line, depth + 1))


def _opened(key: str) -> str:
    """The text of a key, with holes for what is not known of it."""
    if key.startswith("<"):
        return hole(key.removeprefix("<:").removesuffix(">") if key.startswith("<:") else key)
    return key.replace("*", hole(""))


def tags_in(node: ast.expr | None, body: Body, line: int, depth: int = 0) -> Tags:
    """The keys of the dictionary that an expression gives, each with the line where it is set."""
    found: Tags = {}
    if node is None or depth > _DEEPEST:
        return found
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found |= tags_in(value, body, line, depth + 1)
            else:
                _add(found, key, body, depth)
    elif isinstance(node, ast.Name):
        found |= _of_name(node.id, body, line, depth)
    elif isinstance(node, ast.Attribute):
        found |= _of_attribute(node, body, line, depth)
    elif isinstance(node, ast.BinOp):
        found |= tags_in(node.left, body, line, depth + 1)
        found |= tags_in(node.right, body, line, depth + 1)
    elif isinstance(node, (ast.IfExp, ast.BoolOp)):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        for part in parts:
            found |= tags_in(part, body, line, depth + 1)
    elif isinstance(node, ast.Call):
        found |= _in_call(node, body, line, depth)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for part in node.elts:
            found |= _in_tag(part, body)
    elif isinstance(node, ast.DictComp):
        known = [key for key in keys_of(node.key, body, depth + 1) if not key.startswith("<:")]
        inner = tags_in(node.generators[0].iter, body, line, depth + 1)
        here = body.file.line(node)
        found |= {key: inner.get(key, here) for key in known if key != "*"}
        found = found or inner
    elif isinstance(node, (ast.ListComp, ast.GeneratorExp)):
        found |= tags_in(node.generators[0].iter, body, line, depth + 1)
    return found


def _add(found: Tags, key: ast.expr, body: Body, depth: int) -> None:
    for text in keys_of(key, body, depth + 1):
        found.setdefault(text, body.file.line(key))


def _in_tag(node: ast.expr, body: Body) -> Tags:
    """The key of ``RunTag(key, value)`` or ``{"key": key, "value": value}``."""
    if isinstance(node, ast.Dict):
        named = {
            string_value(name): value for name, value in zip(node.keys, node.values, strict=True)
        }
        is_tag = named.keys() == {"key", "value"}
        return {key_of(named["key"], body): body.file.line(node)} if is_tag else {}
    if not isinstance(node, ast.Call) or last_name(node.func) not in _TAG_CLASSES:
        return {}
    key = keyword_value(node, "key") or (node.args[0] if node.args else None)
    return {key_of(key, body): body.file.line(node)} if key is not None else {}


def _of_name(name: str, body: Body, line: int, depth: int) -> Tags:
    key = (name, line)
    if key not in body.tags:
        found = body.tags[key] = {}  # for who asks again on the way
        for holding in reversed(body.held(name, line)):
            found |= tags_in(holding.value, body, holding.line - 1, depth + 1)
        found |= _stored(name, body, depth)
    return body.tags[key]


def _of_attribute(node: ast.Attribute, body: Body, line: int, depth: int) -> Tags:
    """What ``self.tags`` holds: by this function, else by the one that makes the object."""
    name = dotted(node) or ""
    if body.held(name, line):
        return _of_name(name, body, line, depth)
    found = _stored(name, body, depth) if name else {}
    made = body.file.by_name.get(f"{body.owner}.__init__")
    if made is None or made is body or not name.startswith("self."):
        return found
    return _of_name(name, made, 1 << 30, depth) | found


def is_dictionary(node: ast.expr) -> bool:
    """Whether an expression makes a dictionary, as far as it tells itself."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.BitOr)
    if isinstance(node, ast.Call):
        return last_name(node.func) in {*_DICTIONARIES, "fromkeys"}
    return isinstance(node, (ast.Dict, ast.DictComp))


def _in_call(node: ast.Call, body: Body, line: int, depth: int) -> Tags:
    last = last_name(node.func)
    here = body.file.line(node)
    if last == "fromkeys" and node.args:
        return dict.fromkeys(
            (key_in(t) for t in _turns(node.args[0], None, body, node.lineno, depth + 1)), here
        )
    if isinstance(node.func, ast.Attribute) and last in ("items", "copy", "update"):
        parts = [node.func.value, *(node.args if last == "update" else ())]
        return {k: at for part in parts for k, at in tags_in(part, body, line, depth + 1).items()}
    if last in _DICTIONARIES:
        found = {k.arg: here for k in node.keywords if k.arg}
        for part in (*node.args, *(k.value for k in node.keywords if k.arg is None)):
            pairs = (key_in(text) for text in _turns(part, 0, body, node.lineno, depth + 1))
            found |= dict.fromkeys(pairs, here) | tags_in(part, body, line, depth + 1)
        return found
    inner = called_here(node, body)
    returned = inner.of(ast.Return) if inner is not None else []
    found = {
        key: here
        for part in returned
        for key in tags_in(part.value, inner or body, part.lineno, depth + 1)
    }
    # What completes tags, such as ``resolve_tags({...})``, keeps those that it is given.
    is_wrapped = len(node.args) == 1 and isinstance(node.args[0], (ast.Dict, ast.Call))
    return found or (tags_in(node.args[0], body, line, depth + 1) if is_wrapped else {})


def called_here(call: ast.Call, body: Body) -> Body | None:
    """The other function of the same file that a call calls."""
    name = call_name(call) or ""
    own = f"{body.owner}.{name.removeprefix('self.').removeprefix('cls.')}"
    inner = body.file.by_name.get(name) or body.file.by_name.get(own)
    return None if inner is body else inner


def _stored(name: str, body: Body, depth: int) -> Tags:
    """The keys that are set in a dictionary of this name, one by one."""
    found: Tags = {}
    for item in body.of(ast.Subscript):
        if isinstance(item.ctx, ast.Store) and dotted(item.value) == name:
            _add(found, item.slice, body, depth)
    for call in body.calls:
        function = call.func
        if not isinstance(function, ast.Attribute) or dotted(function.value) != name:
            continue
        if function.attr == "update":
            for part in call.args:
                pairs = (key_in(text) for text in _turns(part, 0, body, call.lineno, depth + 1))
                found |= dict.fromkeys(pairs, body.file.line(call))
                found |= tags_in(part, body, call.lineno, depth + 1)
            found |= {k.arg: body.file.line(call) for k in call.keywords if k.arg}
        elif function.attr == "setdefault" and call.args:
            _add(found, call.args[0], body, depth)
        elif function.attr == "append" and call.args:
            found |= _in_tag(call.args[0], body)
        elif function.attr == "extend" and call.args:
            found |= tags_in(call.args[0], body, call.lineno, depth + 1)
    return found


def is_parent(key: str) -> bool:
    """Whether a key is that of the parent's id, as far as a file tells."""
    return key == PARENT_TAG or (key.startswith("<") and _PARENT_NAME.search(key) is not None)
