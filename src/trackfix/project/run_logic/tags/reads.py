"""The tags that a function reads by hand, and what it makes of their values."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from trackfix.project.facts.expressions import call_name, dotted, last_name, string_value
from trackfix.project.run_logic.fragments import Fragment, Step, Term, told_key
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.tags.lookups import tag_lookups
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holdings import Function
from trackfix.source.patterns import lazy_pattern

# The mark of tags of which one stands for another that is missing.
ONE_OF = "one of"
# So many tags of one thing, read together, are a reading of their own.
_SEVERAL = 3
# So many are enough where they go into one dictionary or one call.
_FEWEST_FILLED = 2
_DEEPEST = 6
# Calls that make something else of a text, or ask what it is. What only passes it on or shows it is
# no parsing.
_PARSING = lazy_pattern(
    r"^(?:loads|literal_eval|int|float|r?split|r?partition|fromisoformat|strptime|isoparse"
    r"|to_datetime|Timestamp|(?:full)?match|fromtimestamp|from_(?:dict|json|string|str|tag|tags)|parse\w*|b64decode"
    r"|decompress|unquote|(?:is|has|check|validate)_\w+)$"
)
# Of several calls that make the same of a text, what they make.
_MADE = {
    **dict.fromkeys(("split", "rsplit", "partition", "rpartition"), "parts"),
    **dict.fromkeys(("fromisoformat", "strptime", "isoparse", "to_datetime", "Timestamp"), "date"),
    "fullmatch": "match",
}
_SAME_TEXT = frozenset({"lower", "strip", "lstrip", "rstrip", "upper", "str", "casefold"})
_SAME_TEXT |= {"replace", "removeprefix", "removesuffix"}
# What gives the elements of what it is given, or one of them.
_PASSING_ON = frozenset({"next", "tuple", "list", "map", "sorted"})
_SAME_TYPE = frozenset({"str", "int", "float", "bool"})
_TRUE = frozenset({"true", "1", "yes"})
_WORD = lazy_pattern(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
# Words of keys that do not tell one tag from another.
_ANY = frozenset({"mlflow", "tag", "tags", "key", "id", "get", "run", "name", "module", "value"})
# Words that say no more than that something is a key.
_ABOUT = frozenset({"mlflow", "tag", "key"})
_ENTITY = lazy_pattern(
    r"(?P<run>\.data\.tags)|(?P<experiment>exp(?:erimen)?t?s?(?:_\w+)?\.tags)"
    r"|(?P<version>(?:version|\bmv)\w*\.tags)|(?P<trace>trace\w*(?:\.info)?\.tags)"
)
# What looks at one of many.
_MANY = (
    *(ast.For, ast.AsyncFor, ast.While, ast.Lambda),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)
_HELPER = lazy_pattern(r"hash|tags?(?:_|$)|fingerprint")


def find_tag_reads(body: Body, compared: Collection[ast.expr]) -> Iterator[Fragment]:
    """The tags that a function reads, each by its key, but for those that are only ``compared`` to
    find a run; and all together if they are several."""
    if "tags" not in body.text:
        return
    places: dict[str, list[ast.expr]] = {}
    for key, node in tag_lookups(body):
        is_asked = node in compared or _is_compared(node, body)
        if not is_asked and not key.startswith("<:") and _WORD.search(key):
            places.setdefault(key, []).append(node)
    is_single = len(places) == 1
    for key, nodes in places.items():
        told = [set(_marks(node, body)) for node in nodes]
        marks = set[str]().union(*told)
        if "returned" in marks and is_single and _is_named_for(body.name, key):
            marks.add("helper")
        # The reading that is more than the others tells the place.
        telling = max(range(len(nodes)), key=lambda number: len(told[number]))
        found = _fragment(body, [nodes[telling]], (Term("tag", key),), marks)
        yield found._replace(taken=_entity_of(nodes, body))
    # Who asks whether tags are there makes nothing of them.
    used = {
        key: readings
        for key, nodes in places.items()
        if (readings := [node for node in nodes if not _is_only_tested(node, body)])
    }
    together = [Term("tag", key, _filled(nodes[0], body)) for key, nodes in used.items()]
    filled = Counter(term.value.partition(".")[0] for term in together if term.value)
    if len(used) >= _SEVERAL or max(filled.values(), default=0) >= _FEWEST_FILLED:
        first = [nodes[0] for nodes in used.values()]
        found = _fragment(body, first, together, {"several"})
        yield found._replace(taken=_entity_of(first, body))
    for instead in _alternatives(used, body):
        first = list(instead.values())
        found = _fragment(body, first, [Term("tag", key) for key in instead], {"several", ONE_OF})
        yield found._replace(taken=_entity_of(first, body))


def _alternatives(
    places: Mapping[str, Sequence[ast.expr]], body: Body
) -> Iterator[dict[str, ast.expr]]:
    """The tags of which one is taken where another one is missing, each with its reading."""
    slots: dict[ast.AST | str, dict[str, ast.expr]] = {}
    for key, nodes in places.items():
        for node in nodes:
            for slot in _slots(node, body):
                slots.setdefault(slot, {}).setdefault(key, node)
    seen = []
    for slot, instead in slots.items():
        is_choice = not isinstance(slot, str) or any(
            _is_in_branch(n, body) for n in instead.values()
        )
        if len(instead) > 1 and is_choice and instead.keys() not in seen:
            seen.append(instead.keys())
            yield instead


def _is_in_branch(node: ast.expr, body: Body) -> bool:
    part: ast.AST = body.file.statement(node)
    around = body.file.parents.get(part)
    while around is not None and not isinstance(part, Function):
        if isinstance(around, ast.If):
            return True
        part, around = around, body.file.parents.get(around)
    return False


def _slots(node: ast.expr, body: Body) -> Iterator[ast.AST | str]:
    """The choice that a value is part of, and the names that get it."""
    part: ast.AST = node
    around = body.file.parents[part]
    choice: ast.AST | None = None
    while True:
        is_choice = isinstance(around, ast.IfExp) and part is not around.test
        if is_choice or (isinstance(around, ast.BoolOp) and isinstance(around.op, ast.Or)):
            choice = around
        elif isinstance(around, ast.comprehension):
            around = body.file.parents[around]
        elif not (isinstance(around, ast.Call) and last_name(around.func) in _PASSING_ON):
            break
        part, around = around, body.file.parents[around]
    if choice is not None:
        yield choice
    if isinstance(around, ast.Assign) and part is around.value:
        yield from (target.id for target in around.targets if isinstance(target, ast.Name))


def _is_only_tested(node: ast.expr, body: Body) -> bool:
    """Whether a value is only part of a condition, or of the answer to one that is returned. One
    that a condition picks out of all is more."""
    if isinstance(node, ast.Compare):
        return False
    part: ast.AST = node
    around = body.file.parents[part]
    tells = False
    while isinstance(around, (ast.Compare, ast.BoolOp, ast.UnaryOp)) or call_name(around) == "bool":
        tells = tells or not isinstance(around, ast.BoolOp)
        part, around = around, body.file.parents[around]
    if isinstance(around, ast.comprehension):
        return part in around.ifs
    is_test = isinstance(around, (ast.If, ast.IfExp, ast.While, ast.Assert)) and around.test is part
    return is_test or (tells and isinstance(around, ast.Return))


def _entity_of(nodes: Sequence[ast.expr], body: Body) -> str:
    """What the tags of several readings belong to, if to one kind of thing."""
    found = {_entity(node, body) for node in nodes}
    return found.pop() if len(found) == 1 else ""


def _entity(node: ast.expr, body: Body) -> str:
    """What the tags of a reading belong to, as far as its words tell."""
    source: ast.expr | None = None
    if isinstance(node, ast.Subscript):
        source = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        source = node.func.value
    for held in body.held(source.id, node.lineno)[:1] if isinstance(source, ast.Name) else ():
        source = held.value
    found = _ENTITY.search(dotted(source) or ast.unparse(source)) if source is not None else None
    return (found.lastgroup or "") if found else ""


def _filled(node: ast.expr, body: Body) -> str:
    """What a value is put into: ``call.argument`` or ``{}.key``; empty for nothing of that."""
    part: ast.AST = node
    around = body.file.parents.get(part)
    while isinstance(around, (ast.BoolOp, ast.IfExp)) or (
        isinstance(around, ast.Call) and last_name(around.func) in _SAME_TYPE
    ):
        part, around = around, body.file.parents.get(around)
    if isinstance(around, ast.keyword):
        call = body.file.parents.get(around)
        name = last_name(call.func) if isinstance(call, ast.Call) else ""
        return f"{name}.{around.arg}" if name else ""
    if isinstance(around, ast.Dict) and part in around.values:
        key = string_value(around.keys[around.values.index(part)])
        return f"{{}}.{key}" if key else ""
    return ""


def _is_compared(node: ast.expr, body: Body) -> bool:
    """Whether a value of one run of many is only asked for being that of a variable, as where a run
    is looked for."""
    test = body.file.parents.get(node)
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], (ast.Eq, ast.NotEq)):
        return False
    if any(isinstance(side, ast.Constant) for side in (test.left, *test.comparators)):
        return False
    around: ast.AST | None = test
    while around is not None and not isinstance(around, _MANY):
        if isinstance(around, Function):
            return False
        around = body.file.parents.get(around)
    return around is not None


def _fragment(
    body: Body, nodes: list[ast.expr], terms: Sequence[Term], marks: Collection[str]
) -> Fragment:
    line = body.file.line
    steps = [
        Step(line(node), f"reads the tag {told_key(term.key)}")
        for node, term in zip(nodes, terms, strict=True)
    ]
    piece = piece_at(nodes[0], body, "read-tag", steps)
    return piece._replace(
        line=piece.first,
        terms=tuple(sorted(terms, key=lambda term: term.key)),
        marks=tuple(sorted(marks)),
    )


def _is_named_for(function: str, key: str) -> bool:
    """Whether a function says in its name that it reads a tag, or which."""
    name = function.rpartition(".")[2]
    words = {word.lower() for word in _WORD.findall(name)}
    told = {word.lower() for word in _WORD.findall(key)} - _ANY
    last = {word.lower() for word in _WORD.findall(re.split(r"[.:]", key.strip("<>"))[-1])}
    is_told = bool(last - _ABOUT) and last - _ABOUT <= words
    is_told = is_told or last - {"mlflow"} <= words or len(words & told) > 1
    return is_told or _HELPER.search(name.lower()) is not None


def _marks(node: ast.expr, body: Body) -> Iterator[str]:
    """What becomes of a value that was read: it is ``returned``, or ``parsed`` by a call; and what
    of the run stands for one that is missing."""
    instead = node.args[1:2] if isinstance(node, ast.Call) else []
    around = body.file.parents.get(node)
    if isinstance(around, ast.BoolOp) and isinstance(around.op, ast.Or) and node in around.values:
        instead = around.values[around.values.index(node) + 1 :]
    for missing in instead:
        told = ".".join((dotted(missing) or "").split(".")[-2:])
        if "." in told:
            yield f"else {told}"
    yield from _becomes(node, body)
    if isinstance(node, ast.Compare) and isinstance(around, ast.If):
        for use in _values_in(around, node, body):
            yield from _becomes(use, body)
    statement = body.file.statement(node)
    for name in _bound(node, statement, body):
        for use in body.reads.get(name, ()):
            if use.lineno > node.lineno:
                yield from _becomes(use, body)


def _values_in(branch: ast.If, test: ast.Compare, body: Body) -> Iterator[ast.Name]:
    """Where a branch for the tag of one key reads its value: ``for key, value in tags.items()``."""
    key = dotted(test.left)
    for loop in body.of(ast.For):
        names = [dotted(part) or "" for part in getattr(loop.target, "elts", ())]
        if len(names) == 2 and names[0] == key:
            for use in body.reads.get(names[1], ()):
                if branch.lineno < use.lineno <= (branch.body[-1].end_lineno or 0):
                    yield use


def _bound(node: ast.expr, statement: ast.stmt, body: Body) -> Iterator[str]:
    """The names that hold a value that is read, or what it is made into, from a statement on."""
    parent = body.file.parents.get(node)
    if isinstance(parent, ast.NamedExpr):
        yield parent.target.id
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return
    value = statement.value
    if isinstance(value, (ast.Dict, ast.List, ast.Tuple, ast.Set, ast.DictComp, ast.ListComp)):
        return  # a part of something else
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        if isinstance(target, ast.Name):
            yield target.id


def _becomes(node: ast.expr, body: Body) -> Iterator[str]:
    """What the expressions around a value make of it."""
    part: ast.AST = node
    for _ in range(_DEEPEST):
        around = body.file.parents.get(part)
        if isinstance(around, ast.keyword):
            part, around = around, body.file.parents.get(around)
        if isinstance(around, ast.Return):
            yield "returned"
            return
        if isinstance(around, ast.Call) and part in (*around.args, *around.keywords):
            name = (dotted(around.func) or "").rpartition(".")[2]
            if _PARSING.match(name):
                yield f"parsed by {_MADE.get(name, name)}"
            elif name not in _SAME_TEXT and name not in _PASSING_ON:
                return
        elif isinstance(around, ast.Attribute):
            call = body.file.parents.get(around)
            if not (isinstance(call, ast.Call) and call.func is around):
                return
            if _PARSING.match(around.attr):
                yield f"parsed by {_MADE.get(around.attr, around.attr)}"
            elif around.attr not in _SAME_TEXT:
                return
            around = call
        elif isinstance(around, ast.Compare) and part is not node and _is_true(around):
            yield "parsed as true or not"
        elif isinstance(around, ast.If) and isinstance(part, ast.Compare):
            if any(isinstance(inner, ast.Return) for inner in around.body):
                yield "returned"
            return
        elif isinstance(around, ast.comprehension):
            around = body.file.parents.get(around)
        elif not (
            isinstance(around, (ast.BoolOp, ast.Await, ast.NamedExpr, ast.Subscript))
            or (isinstance(around, ast.IfExp) and part is not around.test)
        ):
            return
        if around is None:
            return
        part = around


def _is_true(test: ast.Compare) -> bool:
    """Whether a text is compared with those that mean yes, whatever their case."""
    other = test.comparators[0]
    texts = other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other]
    return bool(texts) and all(string_value(text) in _TRUE for text in texts)
