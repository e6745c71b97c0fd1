"""Sets of tags that a function builds."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from trackfix.project.facts.expressions import (
    keyword_value,
    last_name,
    string_value,
)
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.tag_keys import (
    NAME_TAG,
    PARENT_TAG,
    Tags,
    called_here,
    is_dictionary,
    keys_of,
    tags_in,
)
from trackfix.source.patterns import lazy_pattern

# A mark of what nothing says to be tags of MLflow: only its keys do, if others set the same.
UNSAID = "not said to be tags"
# A mark of tags that are set on a model or a version of it.
OF_MODEL = "of a model"
# What the mark begins with of tags that are put to those that another function of the file builds.
ON = "on those of "
# Two tags stand together by chance.
_FEWEST = 3
_DEEPEST = 5
# Expressions that may make a dictionary.
_MAKING = (ast.Dict, ast.DictComp, ast.BinOp, ast.Call)
# What sets one tag.
_SETTING = frozenset(
    {"set_tag", "set_experiment_tag", "set_model_version_tag", "set_registered_model_tag"}
)
_SETTING_ON_MODEL = frozenset({"set_model_version_tag", "set_registered_model_tag"})
_TAG_WORD = lazy_pattern(r"(?:^|[^a-zA-Z])(?:TAGS?|tags?|Tags?)(?:$|[^a-z])")


def find_tag_sets(body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The sets of three or more tags that a function builds."""
    seen: set[str] = set()
    for node, evidence in _dictionaries(body, calls):
        tags = {key: line for key, line in tags_in(node, body, 1 << 30).items() if key != "*"}
        is_said = evidence or any(_is_tag_like(key) for key in tags)
        fresh = tags.keys() - seen
        if len(fresh) < _FEWEST or not (is_said or _may_be_tags(node, tags, body)):
            continue
        seen |= tags.keys()
        passed = _passed_on(node, body)
        # Who only adds of whom a run is and its name builds no other tags.
        if fresh - passed.keys() - {PARENT_TAG, NAME_TAG}:
            marks = {f"{ON}{name}" for name in passed.values()}
            marks |= set() if is_said else {UNSAID}
            yield _fragment(body, node, tags)._replace(marks=tuple(sorted(marks)))
    for api in sorted({name for _, name in calls} & _SETTING):
        of_api = [call for call, name in calls if name == api]
        set_one_by_one: Tags = {}
        for call in of_api:
            key = _set_key(call)
            if key is not None:
                texts = keys_of(key, body)
                line = body.file.line(_in_turn(call, body) if len(texts) > 1 else call)
                for text in texts:
                    set_one_by_one.setdefault(text, line)
        fresh_ones = {key: line for key, line in set_one_by_one.items() if key not in seen}
        known = {
            key: line for key, line in fresh_ones.items() if not key.startswith("<:") and key != "*"
        }
        if len(known) >= _FEWEST:
            seen |= known.keys()
            found = _fragment(body, of_api[0], known)
            yield found._replace(marks=(OF_MODEL,)) if api in _SETTING_ON_MODEL else found


def _may_be_tags(node: ast.expr, tags: Tags, body: Body) -> bool:
    """Whether a dictionary that a function returns has names of parts for keys, ``lineage.parent``,
    which hardly anything but tags has."""
    is_returned = isinstance(body.file.parents.get(node), ast.Return)
    return is_returned and all("." in key and not key.startswith("<") for key in tags)


def _set_key(call: ast.Call) -> ast.expr | None:
    """The key that a call sets: the last but one of its arguments."""
    given = keyword_value(call, "key")
    if given is not None or not call.args:
        return given
    is_value_named = keyword_value(call, "value") is not None
    place = -1 if is_value_named or len(call.args) < 2 else -2
    return call.args[place]


def _passed_on(node: ast.expr, body: Body, depth: int = 0) -> dict[str, str]:
    """Those keys of an expression that another function of the file gives, each with its name."""
    if depth > _DEEPEST:
        return {}
    found: dict[str, str] = {}
    parts: list[ast.expr] = []
    keys: Collection[str] | None = None
    if isinstance(node, ast.Name):
        parts = [held.value for held in body.held(node.id, 1 << 30)]
    elif isinstance(node, ast.DictComp):
        parts, keys = [node.generators[0].iter], tags_in(node, body, 1 << 30)
    elif isinstance(node, ast.Call):
        inner = called_here(node, body)
        parts = [*node.args]
        if inner is not None:
            given = {key for part in parts for key in tags_in(part, body, 1 << 30)}
            theirs = [key for key in tags_in(node, body, 1 << 30) if key not in given]
            found |= dict.fromkeys(theirs, inner.name.rpartition(".")[2])
        elif isinstance(node.func, ast.Attribute):
            parts.append(node.func.value)
    elif isinstance(node, ast.Dict):
        parts = [part for key, part in zip(node.keys, node.values, strict=True) if key is None]
    elif isinstance(node, (ast.BinOp, ast.BoolOp, ast.IfExp)):
        parts = [part for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    for part in parts:
        found |= _passed_on(part, body, depth + 1)
    return found if keys is None else {key: name for key, name in found.items() if key in keys}


def _dictionaries(
    body: Body, calls: Sequence[tuple[ast.Call, str]]
) -> Iterator[tuple[ast.expr, bool]]:
    """Expressions that give dictionaries, and whether something says that they are of tags."""
    last = body.name.rpartition(".")[2]
    in_name = _TAG_WORD.search(last) is not None or last in body.file.tag_makers
    for call, name in calls:
        given = keyword_value(call, "tags")
        if given is not None:
            yield given, True
        if name == "set_tags" and call.args:
            yield call.args[-1], True
        elif name in _SETTING:
            yield from ((each, True) for each in _set_in_turn(call, body))
    for returned in body.of(ast.Return):
        value = returned.value
        if isinstance(value, (*_MAKING, ast.Name)):
            is_named = isinstance(value, ast.Name) and _TAG_WORD.search(value.id) is not None
            yield value, in_name or is_named
    for whole in body.of(ast.Dict):
        for key, value in zip(whole.keys, whole.values, strict=True):
            if isinstance(value, ast.Dict) and string_value(key) == "tags":
                yield value, True
    assignments: list[ast.Assign | ast.AnnAssign] = [*body.of(ast.Assign), *body.of(ast.AnnAssign)]
    for node in assignments:
        value = node.value
        if not (isinstance(value, _MAKING) and (is_dictionary(value) or in_name)):
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


def _in_turn(call: ast.Call, body: Body) -> ast.stmt:
    """The loop that makes a call, else the statement with the comprehension that does."""
    statement = body.file.statement(call)
    around = body.file.parents.get(statement)
    return around if isinstance(around, (ast.For, ast.AsyncFor)) else statement


def _is_tag_like(key: str) -> bool:
    """Whether a key is one of MLflow's own, or a constant of what goes by the name of tags."""
    return key.startswith("mlflow.") or (key.startswith("<") and _TAG_WORD.search(key) is not None)


def _fragment(body: Body, node: ast.expr, tags: Tags) -> Fragment:
    first = min(tags.values())
    keys = [key for key in tags if not key.startswith("<:")]
    steps = (Step(first, f"builds {len(tags)} tags"),)
    return piece_at(node, body, "build-tags", steps, tags.values())._replace(
        line=first, terms=tuple(Term("tag", key) for key in sorted(keys))
    )
