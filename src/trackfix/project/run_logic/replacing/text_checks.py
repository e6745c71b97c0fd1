"""Whether the text of some steps can go without harm to what is around them."""

from __future__ import annotations

import ast
import builtins
import io
from collections.abc import Collection, Sequence

from trackfix.project.facts.expressions import dotted, last_name
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.outcomes import tells
from trackfix.project.run_logic.replacing.plain_shapes import Shapes
from trackfix.source.document import Edit
from trackfix.source.syntax_index import suite_of

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def check_suite(
    shapes: Shapes,
    gone: Sequence[ast.stmt],
    last: ast.stmt,
    target: ast.AST,
) -> None:
    """That the steps follow each other, and that no comment would be lost.

    Raises:
        NotPlain: they do not, or one would.
    """
    suite = suite_at(shapes, last)
    place = suite.index(last)
    before = suite[place - len(gone) : place] if len(gone) <= place else []
    if sorted(map(id, gone)) != sorted(map(id, before)):
        raise NotPlain("other statements stand between the steps")
    start = line_start(shapes, before[0] if before else last)
    end = shapes.document.span(target)[1]  # type: ignore[arg-type]
    cells = {shapes.document.cell_of(at) for at in (start, end)} if shapes.document.cells else {0}
    lines = [line_start(shapes, node) for node in (*before, last)]
    text = shapes.document.text
    if len(cells) > 1 or len(set(lines)) < len(lines):
        raise NotPlain("the steps share a line")
    for at, node in zip(lines, (*before, last), strict=True):
        if text[at : shapes.document.span(node)[0]].strip():
            raise NotPlain("the steps share a line")
    if _has_comment(text[start:end]):
        raise NotPlain("a comment stands among the steps")


def check_caught(shapes: Shapes, statement: ast.stmt) -> None:
    """That nothing waits for the errors by which the plain steps fail.

    Raises:
        NotPlain: something does.
    """
    inner: ast.AST = statement
    while not isinstance(inner, (*_FUNCTIONS, ast.Module)):
        outer = shapes.parents[inner]
        caught: list[ast.expr | None] = []
        handlers = getattr(outer, "handlers", ())  # also those of except*
        if handlers and inner in getattr(outer, "body", ()):
            caught = [handler.type for handler in handlers]
        elif isinstance(outer, (ast.With, ast.AsyncWith)):
            calls = [item.context_expr for item in outer.items]
            caught = [
                call
                for call in calls
                if isinstance(call, ast.Call) and last_name(call.func) == "suppress"
            ]
        if any(not _is_of_mlflow(kind) for kind in caught):
            raise NotPlain("errors of its steps are caught, which would not be raised")
        inner = outer


def check_left_over(shapes: Shapes, edits: Sequence[Edit], steps: Collection[str]) -> None:
    """That no name is left that nothing uses any more, but for imports.

    Raises:
        NotPlain: one is, and it is no import.
    """
    text = " ".join(edit.replacement for edit in edits)
    kept = {n.id for n in ast.walk(parsed(text)) if isinstance(n, ast.Name)}
    outside: set[str] = set()
    inside: set[str] = set()
    for use in shapes.names.scopes.uses:
        is_inside = any(edit.start <= use.start < edit.end for edit in edits)
        (inside if is_inside else outside).add(use.name)
    left = sorted(inside - outside - kept - set(steps))
    scopes = shapes.names.scopes.all
    nodes = ((name, scope.bindings.get(name, ())) for name in left for scope in scopes)
    bound = [name for name, found in nodes if not all(isinstance(n, _IMPORTS) for n in found)]
    if bound:
        raise NotPlain(f"nothing else uses {bound[0]}")


def check_store(shapes: Shapes, client: str, kept: ast.stmt, call: ast.Call) -> None:
    """That a client which is made at the time of a call asks the store of the ``client`` that was
    made before: nothing between may choose another one, nor catch what its making raises.

    Raises:
        NotPlain: something may.
    """
    start, end = shapes.document.span(kept)[1], shapes.document.span(call)[0]
    inner: ast.AST = call
    blocks: list[ast.AST] = []
    while not isinstance(inner, (*_FUNCTIONS, ast.Module)):
        inner = shapes.parents[inner]
        blocks.append(inner)
        if isinstance(inner, _LOOPS) and shapes.document.span(inner)[0] > start:
            end = shapes.document.span(inner)[1]
    if shapes.parents[kept] not in blocks:
        raise NotPlain(f"{client} is made in a block of its own")
    around = shapes.function(call)
    for node in ast.walk(around) if around is not None else ():
        if not isinstance(node, (ast.Call, ast.Attribute)):
            continue
        is_between = start <= shapes.document.span(node)[0] < end
        if is_between and _may_choose(node, client):
            line = shapes.names.line(node)
            raise NotPlain(f"line {line} may choose another store than that of {client}")


def _may_choose(node: ast.Call | ast.Attribute, client: str) -> bool:
    """Whether a node may choose a store: it calls anything but methods of ``client`` and of texts
    and collections, builtin functions and logs."""
    if isinstance(node, ast.Attribute):
        return node.attr == "environ"
    name = dotted(node.func) or ""
    is_of_builtin = any(hasattr(kind, last_name(node.func)) for kind in (str, list, dict, set))
    is_plain = is_of_builtin if isinstance(node.func, ast.Attribute) else hasattr(builtins, name)
    return not (is_plain or name.startswith(f"{client}.") or tells(node))


def suite_at(shapes: Shapes, statement: ast.stmt) -> list[ast.stmt]:
    """The statements that a statement is one of.

    Raises:
        NotPlain: there are none.
    """
    found = suite_of(statement, shapes.parents)
    if not found:
        raise NotPlain("the steps are not plain")
    return found


def line_start(shapes: Shapes, node: ast.stmt) -> int:
    """Where the first line of a statement starts."""
    start = shapes.document.span(node)[0]
    text = shapes.document.text
    return max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1


def parsed(text: str) -> ast.Module:
    """What stands in the stead of statements, or of an expression."""
    return ast.parse(text.removeprefix("return ").strip() or "0")


def kinds_in(node: ast.AST) -> list[str]:
    """The kinds of the statements and calls in a node."""
    return [type(n).__name__ for n in ast.walk(node) if isinstance(n, (ast.stmt, ast.Call))]


def _is_of_mlflow(caught: ast.expr | None) -> bool:
    """Whether a handler is for errors of MLflow alone."""
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return all(last_name(kind) in ("MlflowException", "RestException") for kind in kinds)


def _has_comment(text: str) -> bool:
    import textwrap
    import tokenize

    try:
        tokens = tokenize.generate_tokens(io.StringIO(textwrap.dedent(text)).readline)
        return any(token.type == tokenize.COMMENT for token in tokens)
    except (tokenize.TokenError, SyntaxError):
        return "#" in text
