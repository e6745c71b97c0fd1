"""What a function does around a plain ``start_run``: how the run is filled and told as failed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from trackfix.project.facts.expressions import dotted, last_name, string_value
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body
from trackfix.source.patterns import lazy_pattern
from trackfix.source.syntax_index import suite_of

# The mark of runs that are only told by what is done with them.
FILLED = "filled"
# Fewer steps that only one job has are any run's.
FEWEST_TELLING = 4
# Without a with-statement only what comes soon after the start belongs to it for sure.
_SOON = 6
# What writes to a run, whoever is asked to: MLflow, a client, or what a project wraps them in.
_WRITING = lazy_pattern(r"^(?:log_\w+|set_tags?|set_terminated|end_run)$")
# What any training writes: who writes it, too, need not do the same.
_ANY_KEY = lazy_pattern(
    r"^(?:[a-z]+[_/. ])?(?:acc(?:uracy)?|loss|auc|f1|score|precision|recall|rmse|mse|mae|r2|params?"
    r"|config|metrics?|models?|epochs?|lr|rate|size|type|name|version|seed)$",
    re.IGNORECASE,
)
_RUN_ID = lazy_pattern(r"\binfo\.run_(?:id|uuid)$")
_PREPARING = ("set_tracking_uri", "set_experiment")

Found = tuple[Term, Step]


def find_run_blocks(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The runs that a function starts, each with what it does there, if that is enough to tell it
    from any other run."""
    for call, name in calls:
        if name == "start_run":
            found = [*_given(call, body), *_prepared(call, body), *_done(call, body)]
            telling = {term for term, _ in found if term.kind == "step"}
            if len(telling) >= FEWEST_TELLING:
                yield _fragment(body, call, found)


def _given(call: ast.Call, body: Body) -> Iterator[Found]:
    names = [keyword.arg or "**" for keyword in call.keywords]
    step = Step(body.file.line(call), f"start_run({', '.join(f'{name}=...' for name in names)})")
    yield from ((Term("any step", f"start_run({name}=...)"), step) for name in names)


def _prepared(start: ast.Call, body: Body) -> Iterator[Found]:
    for call in body.calls:
        if call.lineno < start.lineno and last_name(call.func) in _PREPARING:
            yield _found("any step", last_name(call.func), call, body)


def _done(start: ast.Call, body: Body) -> Iterator[Found]:
    """What is written to a run, which functions of the project are called for it, and where its id
    is kept."""
    spans = list(_spans(start, body))
    errors = [node for node in body.of(ast.ExceptHandler) if node.lineno > start.lineno]

    def told(text: str, node: ast.expr) -> str:
        fails = any(part.lineno <= node.lineno <= _last(part) for part in errors)
        return f"{text}, if it fails" if fails else text

    for call in body.calls:
        if call is start or not any(first <= call.lineno <= last for first, last in spans):
            continue
        name = last_name(call.func)
        if _WRITING.match(name):
            keys = list(_keys(call))
            for key in keys or [""]:
                kind = "step" if key and not _ANY_KEY.match(key) else "any step"
                yield _found(kind, told(f"{name}({key!r})" if key else name, call), call, body)
        elif name and _is_own(call, body):
            yield _found("step", told(f"{name}(...)", call), call, body)
    for node in body.of(ast.Assign):
        kept = any(first <= node.lineno <= last for first, last in spans)
        if kept and _RUN_ID.search(ast.unparse(node.value)):
            for target in node.targets:
                if isinstance(target, ast.Attribute):
                    yield _found("step", f"keeps its id as {target.attr}", node.value, body)


def _spans(start: ast.Call, body: Body) -> Iterator[tuple[int, int]]:
    """The lines in which a run is filled, and those that an error there leads to."""
    statement = body.file.statement(start)
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        yield start.lineno, _last(statement)
    else:
        suite = suite_of(statement, body.file.parents) or [statement]
        yield start.lineno, _last(suite[suite.index(statement) :][: _SOON + 1][-1])
    around = body.file.parents.get(statement)
    if isinstance(around, ast.Try) and statement in around.body:
        yield from ((handler.lineno, _last(handler)) for handler in around.handlers)


def _keys(call: ast.Call) -> Iterator[str]:
    """The texts by which a call tells what it writes."""
    for part in (*call.args, *(keyword.value for keyword in call.keywords)):
        if isinstance(part, ast.Dict):
            yield from (text for key in part.keys if (text := string_value(key)))
            return
        text = string_value(part)
        if text:
            yield text
            return


def _is_own(call: ast.Call, body: Body) -> bool:
    """Whether a call is that of a function of the project, as far as the file tells."""
    root, _, rest = (dotted(call.func) or "").partition(".")
    if root in ("self", "cls"):
        return bool(rest) and "." not in rest
    if root in body.file.by_name:
        return not rest
    module, _ = body.file.imports.get(root, ("", ""))
    parts = body.file.document.path.split("/")
    return module.startswith(".") or module.partition(".")[0] in parts[:-1]


def _last(node: ast.stmt | ast.ExceptHandler) -> int:
    return node.end_lineno or node.lineno


def _found(kind: str, text: str, node: ast.expr, body: Body) -> Found:
    return Term(kind, text), Step(body.file.line(node), text)


def _fragment(body: Body, call: ast.Call, found: Sequence[Found]) -> Fragment:
    steps = {step for _, step in found}
    if not call.keywords:
        steps.add(Step(body.file.line(call), "start_run"))
    terms = tuple(sorted({term for term, _ in found}))
    return piece_at(call, body, "create-run", steps)._replace(terms=terms, marks=(FILLED,))
