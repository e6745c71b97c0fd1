"""Sets of tags that a function builds, and single tags that it reads from a run."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Sequence

from trackfix.project.expressions import call_name, dotted, keyword_value, string_value
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.texts import HOLE, text_of

# Two tags stand together by chance.
_FEWEST = 3
_DEEPEST = 5
PARENT_TAG = "mlflow.parentRunId"
NAME_TAG = "mlflow.runName"
# A constant of this name has that key, wherever it comes from.
_PARENT_NAME = re.compile(
    r"(?:^|[._:])(?:MLFLOW_)?PARENT_RUN(?:_ID)?(?:_TAG|_KEY)?>$", re.IGNORECASE
)
_TAG_WORD = re.compile(r"(?:^|[^a-zA-Z])(?:TAGS?|tags?|Tags?)(?:$|[^a-z])")

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
        held = body.held(node.id, line)
        for holding in reversed(held):
            below = body.depth_below(held, depth)
            found |= tags_in(holding.value, body, holding.line, below)
        found |= _stored(node.id, body, depth)
    elif isinstance(node, ast.BinOp):
        found |= tags_in(node.left, body, line, depth + 1)
        found |= tags_in(node.right, body, line, depth + 1)
    elif isinstance(node, (ast.IfExp, ast.BoolOp)):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        for part in parts:
            found |= tags_in(part, body, line, depth + 1)
    elif isinstance(node, ast.Call):
        found |= _in_call(node, body, line, depth)
    elif isinstance(node, ast.DictComp):
        found |= tags_in(node.generators[0].iter, body, line, depth + 1)
    return found


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
                found |= tags_in(part, body, call.lineno, depth + 2)
            found |= {k.arg: body.file.line(call) for k in call.keywords if k.arg}
        elif function.attr == "setdefault" and call.args:
            found.setdefault(key_of(call.args[0], body), body.file.line(call))
    return found


def find_tag_sets(body: Body, calls: list[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The sets of three or more tags that a function builds."""
    seen: set[str] = set()
    for node, evidence in _dictionaries(body, calls):
        tags = {key: line for key, line in tags_in(node, body, 1 << 30).items() if key != "*"}
        telling = evidence or any(_is_tag_like(key) for key in tags)
        fresh = tags.keys() - seen
        if telling and len(fresh) >= _FEWEST:
            seen |= tags.keys()
            yield _fragment(body, node, tags)
    set_one_by_one: Tags = {}
    for call, name in calls:
        if name == "set_tag" and call.args:
            is_fluent = len(call.args) == 2
            key = call.args[0] if is_fluent or len(call.args) < 2 else call.args[1]
            set_one_by_one.setdefault(key_of(key, body), body.file.line(call))
    fresh_ones = {key: line for key, line in set_one_by_one.items() if key not in seen}
    known = {key: line for key, line in fresh_ones.items() if not key.startswith("<:")}
    if len(known) >= _FEWEST:
        first = next(call for call, name in calls if name == "set_tag")
        yield _fragment(body, first, known)


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


def find_tag_reads(body: Body, compared: Collection[ast.expr]) -> Iterator[Fragment]:
    """The tags that a function reads from runs, each by its key, but for those that are only
    ``compared`` to find a run."""
    for key, node in _reads(body):
        if node in compared:
            continue
        line = body.file.line(node)
        statement = body.file.statement(node)
        held = [
            name for name, parts in body.holdings.items() if any(p.value is node for p in parts)
        ]
        is_returned = isinstance(statement, ast.Return) or any(
            n.value is not None and ast.unparse(n.value) in held for n in body.of(ast.Return)
        )
        yield Fragment(
            kind="read-tag",
            path=body.file.document.path,
            function=body.name,
            line=line,
            column=node.col_offset + 1,
            first=line,
            last=line,
            steps=(Step(line, f"reads the tag {key.strip('<>').rpartition(':')[2]}"),),
            terms=(Term("tag", key),),
            marks=("returned",) if is_returned else (),
        )


def _reads(body: Body) -> Iterator[tuple[str, ast.expr]]:
    """``tags[key]`` and ``tags.get(key)`` of the tags of a run, in the order of the text."""
    names = {
        name for name, held in body.holdings.items() if any(_is_tags(part.value) for part in held)
    }
    sources: list[ast.expr] = [node for node in body.of(ast.Attribute) if _is_tags(node)]
    sources += [node for name in names for node in body.reads.get(name, ())]
    for node in sorted(sources, key=lambda node: (node.lineno, node.col_offset)):
        parent = body.file.parents.get(node)
        if isinstance(parent, ast.Subscript) and parent.value is node:
            if isinstance(parent.ctx, ast.Load):
                yield key_of(parent.slice, body), parent
        elif isinstance(parent, ast.Attribute) and parent.attr == "get":
            call = body.file.parents.get(parent)
            if isinstance(call, ast.Call) and call.func is parent and call.args:
                yield key_of(call.args[0], body), call


def _is_tags(node: ast.expr) -> bool:
    """Whether an expression is ``run.data.tags``, perhaps with something to fall back on."""
    if isinstance(node, ast.BoolOp):
        return _is_tags(node.values[0])
    if isinstance(node, ast.IfExp):
        return _is_tags(node.body) or _is_tags(node.orelse)
    if isinstance(node, ast.Call) and call_name(node) == "dict" and node.args:
        return _is_tags(node.args[0])
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "tags"
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "data"
    )
