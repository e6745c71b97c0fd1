"""Parameters that the project's client factory lacks are added to it, and passed on."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from trackfix.project.clients.constructions import Clients, Construction
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.signature import CLASS_PARAMETERS, Parameter, Signature
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope
from trackfix.source.document import Edit
from trackfix.source.patterns import lazy_pattern
from trackfix_codemods.clients.decisions import given_by, prefer

_TO_THE_END = lazy_pattern(r"\s*,?\s*\)")


@dataclass(frozen=True)
class Widening:
    """The factory as it will be, and the edits of its file that make it so."""

    factory: ClientFactory
    edits: tuple[Edit, ...] = ()


def widen(clients: Clients, factory: ClientFactory, lacking: Collection[str]) -> Widening:
    """The factory with parameters for all that it is lacking, which come before what it decides
    on itself; the same one where it constructs elsewhere, or can't take them."""
    added = [name for name in CLASS_PARAMETERS if name in lacking]
    names = clients.meanings.file(factory.path) if factory.path and added else None
    if names is None or factory.signature is None or len(factory.inner) != 1:
        return Widening(factory)
    held = [found for found in clients.constructions(factory.path) if factory.holds(found)]
    function = _function(names, factory)
    if len(held) != 1 or function is None or not _can_take(names, function, held[0], added):
        return Widening(factory)
    assert held[0].call is not None
    passed = _passed(names, function, held[0].call, added)
    if not passed:
        return Widening(factory)
    signature = _wider(factory.signature, function, added)
    edits = (_parameters(names, function, added), *passed)
    return Widening(factory._replace(signature=signature), edits)


def _function(names: FileNames, factory: ClientFactory) -> ast.FunctionDef | None:
    nodes = names.scopes.module.bindings.get(factory.definition.name, ())
    functions = (node for node in nodes if isinstance(node, ast.FunctionDef))
    return next((f for f in functions if names.document.span(f) == factory.span), None)


def _can_take(
    names: FileNames, function: ast.FunctionDef, found: Construction, added: Sequence[str]
) -> bool:
    """Whether parameters can be added behind all others, and nothing else has their names."""
    call, arguments = found.call, function.args
    if found.form.kind != "call" or call is None or arguments.kwarg is not None:
        return False
    if arguments.posonlyargs and not (arguments.args or arguments.kwonlyargs):
        return False
    if None in [k.arg for k in call.keywords] or any(isinstance(a, ast.Starred) for a in call.args):
        return False
    given, bound = given_by(call), _scope(names, function).bindings
    taken = {name for name in added if name in bound or _is_read(names, function, name)}
    # What the function calls by the parameter's name becomes the parameter.
    return all(
        isinstance(value := given.get(name), ast.Name) and value.id == name and name in bound
        for name in taken
    )


def _scope(names: FileNames, function: ast.FunctionDef) -> Scope:
    return next(scope for scope in names.scopes.all if scope.node is function)


def _is_read(names: FileNames, function: ast.FunctionDef, name: str) -> bool:
    start, end = names.document.span(function)
    return any(use.name == name and start <= use.start < end for use in names.scopes.uses)


def _passed(
    names: FileNames, function: ast.FunctionDef, call: ast.Call, added: Sequence[str]
) -> tuple[Edit, ...]:
    """The edits by which the class gets the new parameters; none where it can't get one of them."""
    scope, given = _scope(names, function), given_by(call)
    preferred = [prefer(names, scope, name, given[name]) for name in added if name in given]
    new = [name for name in added if name not in given]
    edits = [*preferred, *([_arguments(names, call, new)] if new else [])]
    return tuple(edit for edit in edits if edit is not None) if None not in edits else ()


def _wider(signature: Signature, function: ast.FunctionDef, added: Sequence[str]) -> Signature:
    by_keyword = bool(function.args.kwonlyargs or function.args.vararg)
    kind = "keyword-only" if by_keyword else "positional-or-keyword"
    return replace(
        signature,
        parameters=(*signature.parameters, *(Parameter(name, kind, True) for name in added)),
        receives={**signature.receives, **{name: name for name in added}},
    )


def _parameters(names: FileNames, function: ast.FunctionDef, added: Sequence[str]) -> Edit:
    document = names.document
    annotation = _annotation(names, function)
    new = [f"{name}: {annotation} = None" if annotation else f"{name}=None" for name in added]
    arguments = function.args
    parts = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    parts += [arguments.vararg] if arguments.vararg else []
    nodes: list[ast.expr] = [*arguments.defaults, *(d for d in arguments.kw_defaults if d)]
    ends = [document.lines.offset(p.end_lineno or 0, p.end_col_offset or 0) for p in parts]
    ends += [document.span(node)[1] for node in nodes]
    opening = document.code.index("(", document.span(function)[0])
    return _listed(names, opening + 1, max(ends, default=None), new, _indent(names, function))


def _arguments(names: FileNames, call: ast.Call, added: Sequence[str]) -> Edit:
    document = names.document
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    last = max((document.span(value)[1] for value in values), default=None)
    statement = names.statement(call)
    end = document.span(call)[1]
    start = document.text.rindex("(", 0, end) + 1 if last is None else end
    return _listed(names, start, last, [f"{n}={n}" for n in added], _indent(names, statement))


def _listed(
    names: FileNames, start: int, last: int | None, new: Sequence[str], indent: str
) -> Edit:
    """More items for a list in brackets that starts at ``start`` and whose last item ends at
    ``last``: a line each where they have lines, and on lines of their own when one is too long."""
    document, newline = names.document, names.document.newline
    text = document.text
    if last is not None:
        line_start = max(text.rfind("\n", 0, last), text.rfind("\r", 0, last)) + 1
        line = text[line_start:last]
        found = _TO_THE_END.match(text, last)
        if found is None or newline in found[0]:
            lead = line[: len(line) - len(line.lstrip())]
            return Edit(last, last, "".join(f",{newline}{lead}{item}" for item in new))
        return Edit(last, last, "".join(f", {item}" for item in new))
    joined = ", ".join(new)
    line_end = text.find(newline, start)
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    limit = names.meanings.project.config.line_length
    whole = (line_end if line_end >= 0 else len(text)) - line_start + len(joined)
    if whole <= limit:
        return Edit(start, start, joined)
    inner = indent + ("\t" if "\t" in indent else "    ")
    if len(inner + joined) > limit:
        joined = f",{newline}{inner}".join(new) + ","
    return Edit(start, start, f"{newline}{inner}{joined}{newline}{indent}")


def _indent(names: FileNames, statement: ast.stmt) -> str:
    start = names.document.span(statement)[0]
    text = names.document.text
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    line = text[line_start:start]
    return line[: len(line) - len(line.lstrip())]


def _annotation(names: FileNames, function: ast.FunctionDef) -> str:
    """How the file would write that a parameter is a string or ``None``; empty where its
    functions have no annotations."""
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if function.returns is None and not any(p.annotation for p in parameters):
        return ""
    if "Optional" in names.scopes.module.bindings:
        return "Optional[str]"
    imports = names.facts.imports
    lazy = any(s.module == "__future__" and "annotations" in s.names for s in imports)
    uses_bars = any(isinstance(n, ast.BinOp) and isinstance(n.op, ast.BitOr) for n in _hints(names))
    return "str | None" if lazy or uses_bars else '"str | None"'


def _hints(names: FileNames) -> list[ast.expr]:
    """All annotations of parameters and results in the file."""
    nodes = list(ast.walk(names.document.tree))
    found = [node.annotation for node in nodes if isinstance(node, (ast.arg, ast.AnnAssign))]
    found += [node.returns for node in nodes if isinstance(node, ast.FunctionDef)]
    return [hint for hint in found if hint is not None]
