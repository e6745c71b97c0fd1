"""Which values may have a quote in them, as far as that can be told."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from fnmatch import fnmatchcase

from trackfix.project.facts.expressions import call_name, dotted, last_name, names_in, string_value
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope
from trackfix.project.mlflow_uses.filter_strings import escapes
from trackfix.project.mlflow_uses.literal_loops import looped_values
from trackfix.source.patterns import lazy_pattern

# Names of what has no quotes in it: identifiers that MLflow gives, numbers, dates, hashes.
_PLAIN_NAME = lazy_pattern(
    r"(?:^|[_.])(?:id|ids|sid|uid|uuid|guid|key|hash|sha\d*|commit|digest|hex|fingerprint|version|num|number|step|fold|"
    r"seed|index|idx|count|rank|size|port|timestamp|time|ts|ms|date|day|month|year|status|state|stage|"
    r"epoch|trial|bool|flag|true|false|threshold|limit|min|max|type|kind|mode|level)s?$"
    r"|(?-i:[a-z]Ids?$)",
    re.IGNORECASE,
)
_CLEANED = lazy_pattern(r"escap|quot|sanit|safe|clean|slug|valid|normal", re.IGNORECASE)
_PLAIN_CALLS = frozenset(
    {"int", "float", "len", "round", "bool", "abs", "hash", "uuid4", "uuid1", "hexdigest", "hex"}
    | {"isoformat", "strftime", "time", "lower_hash", "to_string", "min", "max", "sum"}
)
# Methods of texts that tell that there are no quotes in them.
_TELLS_PLAIN = frozenset(
    {"isalnum", "isalpha", "isdecimal", "isdigit"} | {"isidentifier", "isnumeric"}
)
_NUMBERS = frozenset({"int", "float", "bool", "UUID", "Literal", "datetime", "date"})


def may_hold_a_quote(node: ast.expr, scope: Scope, names: FileNames) -> bool:
    """Whether a value can be any text, for all that its file tells."""
    return not _is_plain(node, scope, names, 3)


def doubles_quotes(node: ast.expr, scope: Scope, names: FileNames) -> bool:
    """Whether the quotes in a value were doubled, as SQL wants it, where it is put in or where it
    got its name."""
    inner = node.value if isinstance(node, ast.FormattedValue) else node
    if escapes(inner) or not isinstance(inner, ast.Name):
        return escapes(inner)
    owner = names.scopes.binding_scope(inner.id, scope)
    nodes = owner.bindings.get(inner.id, []) if owner is not None else []
    given = [names.parents.get(part) for part in _without_replaced(nodes, inner, names)]
    return bool(given) and all(
        isinstance(part, (ast.Assign, ast.AnnAssign)) and part.value and escapes(part.value)
        for part in given
    )


def is_key_of_plain_values(text: str) -> bool:
    """Whether a filter compares something of which the name says that it holds no quotes, where the
    text before a value ends: ``attributes.run_id = '``."""
    found = re.search(r"([\w.]+)[`\"]?\s*(?:=|!=|LIKE|ILIKE)\s*['\"]$", text, re.IGNORECASE)
    return found is not None and _PLAIN_NAME.search(found[1]) is not None


def _is_plain(node: ast.expr, scope: Scope, names: FileNames, depth: int) -> bool:
    if isinstance(node, ast.FormattedValue):
        return node.format_spec is not None or _is_plain(node.value, scope, names, depth)
    if isinstance(node, ast.Constant):
        return not (isinstance(node.value, str) and any(sign in node.value for sign in "'\""))
    if isinstance(node, ast.JoinedStr):
        put_in = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        return all(_is_plain(part, scope, names, depth) for part in put_in)
    if isinstance(node, ast.Attribute):
        is_enum = node.attr in ("value", "name") and _is_class_like(node.value)
        return is_enum or _is_plain_name(node.attr, names) or node.attr.isupper()
    if isinstance(node, ast.Name):
        return (
            _is_plain_name(node.id, names)
            or node.id.isupper()
            or _is_plain_binding(node, scope, names, depth)
        )
    if isinstance(node, ast.Subscript):
        key = string_value(node.slice)
        return key is not None and _is_plain_name(key, names)
    if isinstance(node, ast.Call):
        name = last_name(node.func)
        if name in _PLAIN_CALLS or _CLEANED.search(name) or _is_plain_name(name, names):
            return True
        if name == "replace":
            return any("'" in (string_value(part) or "") for part in node.args)
        if dotted(node.func) == "re.sub":
            return _takes_quotes_away(node)
        is_text = name == "str" and len(node.args) == 1
        return is_text and _is_plain(node.args[0], scope, names, depth)
    if isinstance(node, (ast.IfExp, ast.BoolOp)):
        parts = [node.body, node.orelse] if isinstance(node, ast.IfExp) else node.values
        return all(_is_plain(part, scope, names, depth) for part in parts)
    return isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Compare)) and not any(
        isinstance(part, (ast.Name, ast.JoinedStr)) for part in ast.walk(node)
    )


def _is_plain_name(name: str, names: FileNames) -> bool:
    given = names.meanings.project.config.quote_free_names
    if any(fnmatchcase(name, pattern) for pattern in given):
        return True
    return _PLAIN_NAME.search(name) is not None or _CLEANED.search(name) is not None


def _is_class_like(node: ast.expr) -> bool:
    """``Stage.TRAIN``: a member of what is named as classes are."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id[:1].isupper())
    )


def _is_plain_binding(node: ast.Name, scope: Scope, names: FileNames, depth: int) -> bool:
    owner = names.scopes.binding_scope(node.id, scope)
    nodes = owner.bindings.get(node.id, []) if owner is not None else []
    if not nodes or depth == 0:
        return True  # it comes from nowhere to be seen
    assert owner is not None
    if _is_checked(node.id, owner):
        return True
    nodes = _without_replaced(nodes, node, names)
    return all(_is_plain_source(binding, owner, names, depth - 1) for binding in nodes)


def _without_replaced(nodes: list[ast.AST], use: ast.Name, names: FileNames) -> list[ast.AST]:
    """The bindings of a name without those that another one has replaced wherever it is used: an
    assignment before, in one of the blocks around."""
    around: list[ast.AST] = [use]
    while around[-1] in names.parents:
        around.append(names.parents[around[-1]])
    replacing: list[ast.AST] = []
    for node in nodes:
        statement = names.parents.get(node)
        is_assigned = isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value
        if is_assigned and isinstance(statement, ast.stmt) and _is_before(statement, around, names):
            replacing.append(node)
    last = max(map(_position, replacing), default=(0, 0))
    return [node for node in nodes if _position(node) >= last]


def _is_before(statement: ast.stmt, around: list[ast.AST], names: FileNames) -> bool:
    """Whether a statement stands in a block before one of the nodes ``around``."""
    for _, block in ast.iter_fields(names.parents[statement]):
        if isinstance(block, list) and statement in block:
            return any(part in around for part in block[block.index(statement) + 1 :])
    return False


def _position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _is_plain_source(binding: ast.AST, owner: Scope, names: FileNames, depth: int) -> bool:
    """Whether what one binding gives a name has no quotes in it."""
    parent = names.parents.get(binding)
    if isinstance(binding, ast.arg):
        declared = _words(binding.annotation) if binding.annotation is not None else []
        return not _NUMBERS.isdisjoint(declared)
    if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and parent.value:
        return _is_plain(parent.value, owner, names, depth)
    looped = looped_values(binding, owner, names)
    if looped is not None:
        return all(_is_plain(value, owner, names, depth) for value in looped)
    return isinstance(binding, (ast.Import, ast.ImportFrom))


def _takes_quotes_away(call: ast.Call) -> bool:
    """Whether ``re.sub(pattern, new, value)`` leaves no quote, as when all but letters goes."""
    pattern, new = (string_value(part) for part in (*call.args[:2], None, None)[:2])
    if pattern is None or new is None:
        return False
    with suppress(re.error, IndexError):
        return "'" not in re.sub(pattern, new, "a'b''")
    return False


def _is_checked(name: str, owner: Scope) -> bool:
    """Whether the code around looks at the value before: for a quote, or by a function that
    validates it."""
    for node in ast.walk(owner.node):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            about = names_in(node)
            is_quote = (string_value(node.left) or "") in ("'", '"')
            if name in about and (is_quote or dotted(node.left) == name):
                return True
        elif isinstance(node, ast.Call):
            called = last_name(node.func)
            checks = (
                _CLEANED.search(called)
                or "check" in called
                or called in ("match", "fullmatch", "isidentifier")
            )
            if checks and any(dotted(part) == name for part in node.args):
                return True
    tests = (n.test for n in ast.walk(owner.node) if isinstance(n, (ast.Assert, ast.If, ast.IfExp)))
    return any(_tells_plain(part, name) for test in tests for part in ast.walk(test))


def _tells_plain(node: ast.AST, name: str) -> bool:
    """``name.isalnum()``"""
    owner, _, method = (call_name(node) or "").rpartition(".")
    return owner == name and method in _TELLS_PLAIN


def _words(node: ast.AST) -> list[str]:
    return re.findall(r"\w+", ast.unparse(node))
