"""Sets of tags that a function builds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from trackfix.project.expressions import (
    call_name,
    dotted,
    keyword_value,
    last_name,
    string_value,
)
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.texts import HOLE, text_of
from trackfix.source.patterns import lazy_pattern

# Two tags stand together by chance.
_FEWEST = 3
_DEEPEST = 5
PARENT_TAG = "mlflow.parentRunId"
NAME_TAG = "mlflow.runName"
# A constant of this name has that key, wherever it comes from.
_PARENT_NAME = lazy_pattern(
    r"(?:^|[._:])(?:MLFLOW_)?PARENT_RUN(?:_ID)?(?:_TAG|_KEY)?>$", re.IGNORECASE
)
# MLflow's own classes of one tag.
_TAG_CLASSES = frozenset({"RunTag", "ExperimentTag", "ModelVersionTag", "RegisteredModelTag"})
# What sets one tag.
_SETTING = frozenset(
    {"set_tag", "set_experiment_tag", "set_model_version_tag", "set_registered_model_tag"}
)
_TAG_WORD = lazy_pattern(r"(?:^|[^a-zA-Z])(?:TAGS?|tags?|Tags?)(?:$|[^a-z])")

Tags = dict[str, int]


def key_of(node: ast.expr, body: Body) -> str:
    """A tag key as an expression gives it; a constant that the file does not tell by its name."""
    text = text_of(node, body, node.lineno)
    whole = HOLE.fullmatch(text)
    if whole:
        return whole[1] if whole[1].startswith("<") else f"<:{whole[1]}>"
    return HOLE.sub("*", text)


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
                found.setdefault(key_of(key, body), body.file.line(key))
    elif isinstance(node, ast.Name):
        found |= _of_name(node.id, body, line, depth)
    elif isinstance(node, ast.BinOp):
        found |= tags_in(node.left, body, line, depth + 1)
        found |= tags_in(node.right, body, line, depth + 1)
    elif isinstance(node, (ast.IfExp, ast.BoolOp)):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        for part in parts:
            found |= tags_in(part, body, line, depth + 1)
    elif isinstance(node, ast.Call):
        found |= _in_call(node, body, line, depth)
    elif isinstance(node, ast.List):
        for part in node.elts:
            found |= _in_tag(part, body)
    elif isinstance(node, (ast.DictComp, ast.ListComp)):
        found |= tags_in(node.generators[0].iter, body, line, depth + 1)
    return found


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


def _in_call(node: ast.Call, body: Body, line: int, depth: int) -> Tags:
    name = call_name(node) or ""
    if name == "dict":
        found = {k.arg: body.file.line(node) for k in node.keywords if k.arg}
        for part in (*node.args, *(k.value for k in node.keywords if k.arg is None)):
            found |= tags_in(part, body, line, depth + 1)
        return found
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("items", "copy", "update"):
        parts = [node.func.value, *(node.args if node.func.attr == "update" else ())]
        return {k: at for part in parts for k, at in tags_in(part, body, line, depth + 1).items()}
    own = f"{body.owner}.{name.removeprefix('self.').removeprefix('cls.')}"
    inner = body.file.by_name.get(name) or body.file.by_name.get(own)
    if inner is None or inner is body:
        # What completes tags, such as ``resolve_tags({...})``, keeps those that it is given.
        is_wrapped = len(node.args) == 1 and isinstance(node.args[0], (ast.Dict, ast.Call))
        return tags_in(node.args[0], body, line, depth + 1) if is_wrapped else {}
    here = body.file.line(node)
    returned = (n for n in inner.of(ast.Return) if n.value is not None)
    return {key: here for n in returned for key in tags_in(n.value, inner, n.lineno, depth + 1)}


def _stored(name: str, body: Body, depth: int) -> Tags:
    """The keys that are set in a dictionary of this name, one by one."""
    found: Tags = {}
    for item in body.of(ast.Subscript):
        if isinstance(item.ctx, ast.Store) and dotted(item.value) == name:
            found.setdefault(key_of(item.slice, body), body.file.line(item))
    for call in body.calls:
        function = call.func
        if not isinstance(function, ast.Attribute) or dotted(function.value) != name:
            continue
        if function.attr == "update":
            for part in call.args:
                found |= tags_in(part, body, call.lineno, depth + 1)
            found |= {k.arg: body.file.line(call) for k in call.keywords if k.arg}
        elif function.attr == "setdefault" and call.args:
            found.setdefault(key_of(call.args[0], body), body.file.line(call))
        elif function.attr == "append" and call.args:
            found |= _in_tag(call.args[0], body)
    return found


def find_tag_sets(body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The sets of three or more tags that a function builds."""
    seen: set[str] = set()
    for node, evidence in _dictionaries(body, calls):
        if _is_passed_on(node, body):
            continue
        tags = {key: line for key, line in tags_in(node, body, 1 << 30).items() if key != "*"}
        telling = evidence or any(_is_tag_like(key) for key in tags)
        fresh = tags.keys() - seen
        if telling and len(fresh) >= _FEWEST:
            seen |= tags.keys()
            yield _fragment(body, node, tags)
    for api in sorted({name for _, name in calls} & _SETTING):
        of_api = [call for call, name in calls if name == api]
        set_one_by_one: Tags = {}
        for call in of_api:
            key = _set_key(call)
            if key is not None:
                set_one_by_one.setdefault(key_of(key, body), body.file.line(call))
        fresh_ones = {key: line for key, line in set_one_by_one.items() if key not in seen}
        known = {key: line for key, line in fresh_ones.items() if not key.startswith("<:")}
        if len(known) >= _FEWEST:
            seen |= known.keys()
            yield _fragment(body, of_api[0], known)


def _set_key(call: ast.Call) -> ast.expr | None:
    """The key that a call sets: the last but one of its arguments."""
    given = keyword_value(call, "key")
    if given is not None or not call.args:
        return given
    is_value_named = keyword_value(call, "value") is not None
    place = -1 if is_value_named or len(call.args) < 2 else -2
    return call.args[place]


def _is_passed_on(node: ast.expr, body: Body, depth: int = 0) -> bool:
    """Whether an expression gives nothing but the tags that another function of the file builds."""
    if isinstance(node, ast.Name) and depth < _DEEPEST:
        held = body.held(node.id, 1 << 30)
        whole = bool(held) and all(_is_passed_on(h.value, body, depth + 1) for h in held)
        return whole and not _stored(node.id, body, depth)
    if not isinstance(node, ast.Call):
        return False
    name = call_name(node) or ""
    own = f"{body.owner}.{name.removeprefix('self.').removeprefix('cls.')}"
    return name in body.file.by_name or own in body.file.by_name


def _dictionaries(
    body: Body, calls: Sequence[tuple[ast.Call, str]]
) -> Iterator[tuple[ast.expr, bool]]:
    """Expressions that give dictionaries, and whether something says that they are of tags."""
    in_name = _TAG_WORD.search(body.name.rpartition(".")[2]) is not None
    for call, name in calls:
        given = keyword_value(call, "tags")
        if given is not None:
            yield given, True
        if name == "set_tags" and call.args:
            yield call.args[-1], True
        elif name in _SETTING:
            yield from ((each, True) for each in _set_in_turn(call, body))
    for returned in body.of(ast.Return):
        if isinstance(returned.value, (ast.Dict, ast.Name)):
            yield returned.value, in_name
    for whole in body.of(ast.Dict):
        for key, value in zip(whole.keys, whole.values, strict=True):
            if isinstance(value, ast.Dict) and string_value(key) == "tags":
                yield value, True
    assignments: list[ast.Assign | ast.AnnAssign] = [*body.of(ast.Assign), *body.of(ast.AnnAssign)]
    for node in assignments:
        if not isinstance(node.value, ast.Dict):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                load = ast.copy_location(ast.Name(target.id, ast.Load()), target)
                yield load, in_name or _TAG_WORD.search(target.id) is not None


def _set_in_turn(call: ast.Call, body: Body) -> Iterator[ast.expr]:
    """``tags.items()``, of which a loop sets one after the other."""
    key = _set_key(call)
    for held in body.held(key.id, call.lineno) if isinstance(key, ast.Name) else ():
        if held.how == "part" and last_name(getattr(held.value, "func", None)) == "items":
            yield held.value


def _is_tag_like(key: str) -> bool:
    """Whether a key is one of MLflow's own, or a constant of what goes by the name of tags."""
    return key.startswith("mlflow.") or (key.startswith("<") and _TAG_WORD.search(key) is not None)


def _fragment(body: Body, node: ast.expr, tags: Tags) -> Fragment:
    lines = [*tags.values()]
    keys = [key for key in tags if not key.startswith("<:")]
    return Fragment(
        kind="build-tags",
        path=body.file.document.path,
        function=body.name,
        line=min(lines),
        column=node.col_offset + 1,
        first=min(lines),
        last=max(lines),
        steps=(Step(min(lines), f"builds {len(tags)} tags"),),
        terms=tuple(Term("tag", key) for key in sorted(keys)),
    )


def is_parent(key: str) -> bool:
    """Whether a key is that of the parent's id, as far as a file tells."""
    return key == PARENT_TAG or (key.startswith("<") and _PARENT_NAME.search(key) is not None)
