"""The texts that expressions give, as far as the file tells: constants, f-strings, joined parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from trackfix.project.facts.expressions import (
    call_name,
    dotted,
    is_none,
    keyword_value,
    string_value,
)
from trackfix.project.run_logic.values.bodies import Body
from trackfix.project.run_logic.values.holes import HOLE, hole, key_in
from trackfix.project.run_logic.values.option_defaults import option_defaults
from trackfix.project.run_logic.values.rounds import Loop, rounds_of
from trackfix.project.run_logic.values.spreads import items_of
from trackfix.source.patterns import lazy_pattern

DIRECTION = lazy_pattern(r"\b(?:ASC|DESC)\b", re.IGNORECASE)
_PERCENT = lazy_pattern(r"%(?:\((\w+)\))?[sdr]")
# What is told when a program starts.
_TOLD_AT_START = lazy_pattern(r"^(?:args?|argv|options|environ|os|sys)$")
_DEEPEST = 6
# No filter is that long, but texts that are made of each other grow without end.
_LONGEST = 4_000

# https://github.com/mlflow/mlflow/blob/master/mlflow/utils/mlflow_tags.py
MLFLOW_TAGS = {
    "MLFLOW_PARENT_RUN_ID": "mlflow.parentRunId",
    "MLFLOW_RUN_NAME": "mlflow.runName",
    "MLFLOW_RUN_NOTE": "mlflow.note.content",
    "MLFLOW_RUN_SOURCE_TYPE": "mlflow.runSourceType",
    "MLFLOW_USER": "mlflow.user",
    "MLFLOW_SOURCE_NAME": "mlflow.source.name",
    "MLFLOW_SOURCE_TYPE": "mlflow.source.type",
    "MLFLOW_GIT_COMMIT": "mlflow.source.git.commit",
    "MLFLOW_GIT_BRANCH": "mlflow.source.git.branch",
    "MLFLOW_PROJECT_ENTRY_POINT": "mlflow.project.entryPoint",
    "MLFLOW_LOGGED_MODELS": "mlflow.log-model.history",
}


def default_texts(body: Body) -> dict[str, str]:
    """The parameters whose defaults are texts or constants of other modules, with these as keys;
    also the options of a command."""
    keys = {
        name: key_in(text_of(default, body, default.lineno))
        for name, default in (body.defaults | option_defaults(body)).items()
        if not (isinstance(default, ast.Constant) and string_value(default) is None)
    }
    return {name: key for name, key in keys.items() if not key.startswith("<:")}


def text_of(node: ast.expr | None, body: Body, line: int, depth: int = 0) -> str:
    """The text that an expression gives at a line of a function."""
    if node is None or depth > _DEEPEST:
        return hole("")
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part, body, line, depth + 1) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        return text_of(node.value, body, line, depth + 1)
    if isinstance(node, ast.Name):
        return _of_name(node, body, line, depth)
    if isinstance(node, ast.Attribute):
        return _of_attribute(node, body, depth)
    if isinstance(node, ast.Subscript):
        return _of_item(node, body, line, depth)
    if isinstance(node, ast.BinOp):
        return _of_operation(node, body, line, depth)
    if isinstance(node, ast.Call):
        return _of_call(node, body, line, depth)
    if isinstance(node, ast.IfExp):
        return _either([text_of(part, body, line, depth + 1) for part in (node.body, node.orelse)])
    if isinstance(node, ast.BoolOp):
        return text_of(node.values[-1], body, line, depth + 1)
    if isinstance(node, (ast.List, ast.Tuple)):
        return ", ".join(text_of(part, body, line, depth + 1) for part in node.elts)
    return hole(dotted(node) or "")


def _either(texts: Sequence[str]) -> str:
    """The one of two texts that tells more, with a hole for the end of an order that it leaves
    open."""
    longest = max(texts, key=lambda text: len(HOLE.sub("", text)))
    ends = {end.upper() for text in texts for end in DIRECTION.findall(text)}
    return DIRECTION.sub(hole("direction"), longest) if len(ends) > 1 else longest


def _of_name(node: ast.Name, body: Body, line: int, depth: int) -> str:
    key = (node.id, line)
    if key not in body.texts:
        body.texts[key] = hole(node.id)  # for who asks again on the way
        body.texts[key] = _held_by_name(node, body, line, depth)[-_LONGEST:]
    return body.texts[key]


def _held_by_name(node: ast.Name, body: Body, line: int, depth: int) -> str:
    held = body.held(node.id, line)
    texts = [
        text_of(part.value, body, min(part.line - 1, line), depth + 1)
        for part in reversed(held)
        if part.how in ("value", "added") and not is_none(part.value)
    ]
    # A hole that is told by more than the name of a variable is as good as a text.
    known = [text for text in texts if HOLE.sub("", text).strip() or _is_named(text)]
    if known and len(known) > 1 and any(part.how == "added" for part in held):
        return " ".join(known)
    if known:
        return known[-1]
    if not held and node.id in body.file.imports and not body.is_parameter(node.id):
        return _imported(body, node.id, "")
    return hole(node.id)


def _is_named(text: str) -> bool:
    whole = HOLE.fullmatch(text)
    return whole is not None and whole[1].startswith("<")


def _imported(body: Body, name: str, rest: str) -> str:
    module, source = body.file.imports[name]
    full = ".".join(part for part in (source, rest) if part)
    last = full.rpartition(".")[2]
    if last in MLFLOW_TAGS and "mlflow" in module:
        return MLFLOW_TAGS[last]
    is_constant = last.isupper() or last[:1].isupper() or (rest and not _TOLD_AT_START.match(name))
    return hole(f"<{module}:{full}>") if is_constant else hole(full)


def _of_item(node: ast.Subscript, body: Body, line: int, depth: int) -> str:
    """``KEYS["name"]`` of a dictionary that the file or another module makes."""
    part = string_value(node.slice)
    name = dotted(node.value)
    if part is None or name is None:
        return hole("")
    root, _, rest = name.partition(".")
    held = body.held(name, line)
    if len(held) == 1 and isinstance(held[0].value, ast.Dict):
        made = held[0].value
        for key, value in zip(made.keys, made.values, strict=True):
            if string_value(key) == part:
                return text_of(value, body, held[0].line, depth + 1)
    if not held and root in body.file.imports and not body.is_parameter(root):
        return _imported(body, root, f"{rest}.{part}".removeprefix("."))
    return hole("")


def _of_attribute(node: ast.Attribute, body: Body, depth: int) -> str:
    full = dotted(node)
    if full is None:
        return hole(node.attr)
    held = body.file.bodies[0].holdings.get(full.removeprefix("self.").removeprefix("cls."), ())
    if not held and full.count(".") == 1 and body.owner and full.startswith(("self.", "cls.")):
        own = f"{body.owner.rpartition('.')[2]}.{node.attr}"
        held = body.file.bodies[0].holdings.get(own, ())
    if len(held) == 1 and held[0].how == "value":
        return text_of(held[0].value, body.file.bodies[0], held[0].line, depth + 1)
    root, _, rest = full.partition(".")
    made = _of_object(root, rest, body, depth)
    if made:
        return made
    if rest.endswith(".value"):
        return (
            _of_attribute(node.value, body, depth)
            if isinstance(node.value, ast.Attribute)
            else hole(full)
        )
    if root in body.file.imports and not body.is_parameter(root):
        return _imported(body, root, rest)
    return hole(full)


def _of_object(name: str, part: str, body: Body, depth: int) -> str:
    """The text that ``Keys().part`` is, for the name of such an object that the module makes; empty
    if it is none."""
    module = body.file.bodies[0]
    held = module.holdings.get(name, ()) if name not in body.parameters else ()
    made = held[0].value if len(held) == 1 else None
    if not isinstance(made, ast.Call) or made.args or name in body.file.imports:
        return ""
    given = keyword_value(made, part)
    if given is not None:
        return text_of(given, module, made.lineno, depth + 1)
    kind = dotted(made.func) or ""
    own = module.holdings.get(f"{kind}.{part}", ())
    if len(own) == 1 and own[0].how == "value":
        return text_of(own[0].value, module, own[0].line, depth + 1)
    root, _, rest = kind.partition(".")
    is_class = kind.rpartition(".")[2][:1].isupper() and root in body.file.imports
    return _imported(body, root, f"{rest}.{part}".removeprefix(".")) if is_class else ""


def _of_operation(node: ast.BinOp, body: Body, line: int, depth: int) -> str:
    left = text_of(node.left, body, line, depth + 1)
    if isinstance(node.op, ast.Add):
        return left + text_of(node.right, body, line, depth + 1)
    if isinstance(node.op, ast.Mod):
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        texts = iter([text_of(value, body, line, depth + 1) for value in values])
        return _PERCENT.sub(lambda match: hole(match[1]) if match[1] else next(texts, ""), left)
    return left


def _of_call(node: ast.Call, body: Body, line: int, depth: int) -> str:
    function = node.func
    filtered = _of_tag_filter(node, body, line, depth)
    if filtered:
        return filtered
    if isinstance(function, ast.Attribute):
        if function.attr == "join" and len(node.args) == 1:
            glue = string_value(function.value) or " "
            return glue.join(_parts(node.args[0], body, line, depth + 1))
        if function.attr == "format":
            return _formatted(
                node, text_of(function.value, body, line, depth + 1), body, line, depth
            )
        if function.attr in ("strip", "lower", "upper", "replace", "rstrip", "lstrip"):
            return text_of(function.value, body, line, depth + 1)
    name = call_name(node) or ""
    if name == "str" and node.args:
        return text_of(node.args[0], body, line, depth + 1)
    inner = body.file.by_name.get(name) or body.file.by_name.get(
        f"{body.owner}.{name.removeprefix('self.')}"
    )
    if inner is not None and inner is not body:
        for part in inner.of(ast.Return):
            if part.value is not None:
                with inner.told(_dictionaries(node, inner)):
                    text = text_of(part.value, inner, part.lineno, depth + 2)
                return _with_given(text, node, inner)
    # A helper for tag keys is told by what it is asked for.
    asked = [value for part in node.args if (value := string_value(part))]
    if asked and re.search(r"tag|key", name.lower()):
        return hole(f"<{name.rpartition('.')[2]}:{'.'.join(asked)}>")
    return hole(name)


def _of_tag_filter(node: ast.Call, body: Body, line: int, depth: int) -> str:
    """The filter that ``tag_filter`` of ``trackfix.tracking`` makes of a dictionary that is written
    out; empty for any other call."""
    root, _, rest = (call_name(node) or "").partition(".")
    module, source = body.file.imports.get(root, ("", ""))
    parts = ".".join(part for part in (module, source, rest) if part).split(".")
    if parts[:2] != ["trackfix", "tracking"] or parts[-1] != "tag_filter":
        return ""
    tags = keyword_value(node, "tags") or next(iter(node.args), None)
    items = items_of(tags, body, line) if tags is not None else []
    texts = [[text_of(part, body, line, depth + 1) for part in item] for item in items]
    return " AND ".join(f"tags.`{key}` = '{value}'" for key, value in texts)


def _given(call: ast.Call, inner: Body) -> dict[str, ast.expr]:
    given = dict(zip(inner.parameters, call.args, strict=False))
    return given | {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}


def _dictionaries(call: ast.Call, inner: Body) -> dict[str, ast.expr]:
    """The dictionaries that a call writes out for a helper, that of its ``**options`` included."""
    given = _given(call, inner)
    found: dict[str, ast.expr] = {}
    found |= {name: value for name, value in given.items() if isinstance(value, ast.Dict)}
    if inner.options:
        rest = [name for name in given if name not in inner.parameters]
        keys: list[ast.expr | None] = [ast.Constant(name) for name in rest]
        values = [given[name] for name in rest]
        for part in call.keywords:
            if part.arg is None and isinstance(part.value, ast.Dict):
                keys += part.value.keys
                values += part.value.values
        found[inner.options] = ast.Dict(keys, values)
    return found


def _with_given(text: str, call: ast.Call, inner: Body) -> str:
    """A text that a helper gives, with the literals and constants that a call gives it."""
    given = _given(call, inner)

    def fill(match: re.Match[str]) -> str:
        value = given.get(match[1].removesuffix(".value"))
        told = string_value(value) or dotted(value) or ""
        is_constant = isinstance(value, ast.Constant) or told.rpartition(".")[2].isupper()
        return told if told and is_constant else match[0]

    return HOLE.sub(fill, text)


def _formatted(node: ast.Call, template: str, body: Body, line: int, depth: int) -> str:
    places = iter([text_of(part, body, line, depth + 1) for part in node.args])
    named = {k.arg: text_of(k.value, body, line, depth + 1) for k in node.keywords if k.arg}

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        return (
            named.get(name, hole(name)) if name and not name.isdigit() else next(places, hole(""))
        )

    return re.sub(r"\{(\w*)[^}]*\}", fill, template)


def _parts(node: ast.expr, body: Body, line: int, depth: int) -> list[str]:
    """The texts in a list, wherever they were put into it."""
    if depth > _DEEPEST:
        return [hole("")]
    if isinstance(node, (ast.List, ast.Tuple)):
        return [text for part in node.elts for text in _in_list(part, body, line, depth)]
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        return _of_each(node, body, line, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = (_parts(side, body, line, depth + 1) for side in (node.left, node.right))
        return [text for side in sides for text in side]
    if not isinstance(node, ast.Name):
        return [text_of(node, body, line, depth)]
    found: list[tuple[int, str]] = []
    for holding in body.held(node.id, line):
        found += [(holding.line, text) for text in _parts(holding.value, body, line, depth + 1)]
    for call in body.calls:
        owner = call.func
        if not (isinstance(owner, ast.Attribute) and call.args and call.lineno <= line):
            continue
        if isinstance(owner.value, ast.Name) and owner.value.id == node.id:
            if owner.attr == "append":
                texts = _appended(call, body, depth + 1)
                found += [(call.lineno, text) for text in texts]
            elif owner.attr == "extend":
                texts = _parts(call.args[0], body, call.lineno, depth + 1)
                found += [(call.lineno, text) for text in texts]
    return [text for _, text in sorted(found, key=lambda item: item[0])]


def _in_list(node: ast.expr, body: Body, line: int, depth: int) -> list[str]:
    if isinstance(node, ast.Starred):
        return _parts(node.value, body, line, depth + 1)
    return [text_of(node, body, line, depth)]


def _appended(call: ast.Call, body: Body, depth: int) -> list[str]:
    """What is appended to a list, in a loop by each round of it."""
    text = text_of(call.args[0], body, call.lineno, depth)
    loop = body.file.parents.get(body.file.statement(call))
    if not isinstance(loop, (ast.For, ast.AsyncFor)):
        return [text]
    return _of_rounds(text, loop, body, loop.lineno, depth)


def _of_each(node: ast.GeneratorExp | ast.ListComp, body: Body, line: int, depth: int) -> list[str]:
    """What a comprehension makes."""
    text = text_of(node.elt, body, line, depth)
    return _of_rounds(text, node.generators[0], body, line, depth)


def _of_rounds(text: str, loop: Loop, body: Body, line: int, depth: int) -> list[str]:
    """What a loop makes of a text with holes for its names: one of each round that is written out,
    else what all of them are like."""
    found = []
    for parts in rounds_of(loop, body, line):
        made = text
        for name, part in parts.items():
            made = made.replace(hole(name), text_of(part, body, line, depth + 1))
        found.append(made)
    return found or [text]
