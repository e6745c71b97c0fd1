"""Runs that made a registered model: the one behind a version with an alias, or in a stage."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trackfix.project.expressions import dotted, keyword_value, last_name
from trackfix.project.run_logic.bodies import Body
from trackfix.project.run_logic.fragments import Fragment, Step, Term
from trackfix.project.run_logic.tag_keys import key_of
from trackfix.project.run_logic.texts import HOLE, text_of

# What is asked of a registered model, by the kind of the term.
BY_MODEL = frozenset({"alias", "stage"})


def find_model_runs(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The runs that a function gets by the version of a model."""
    for call, name in calls:
        given = _argument(call, "run_id", 0)
        if name != "get_run" or not isinstance(given, ast.Attribute) or given.attr != "run_id":
            continue
        version = _held(given.value, body)
        while isinstance(version, ast.Subscript):
            version = _held(version.value, body)
        term = _asked(version, body) if isinstance(version, ast.Call) else None
        if term is not None:
            line = body.file.line
            asked = f"the version of a model by its {term.kind}"
            steps = (Step(line(version), asked), Step(line(call), "get_run(its run_id)"))
            yield Fragment(
                kind="find-run",
                path=body.file.document.path,
                function=body.name,
                line=line(version),
                column=version.col_offset + 1,
                first=min(line(version), line(call)),
                last=max(line(version), line(call)),
                steps=steps,
                terms=(term,),
                limit="one",
                taken="run",
            )


def _held(node: ast.expr, body: Body) -> ast.expr:
    """What a name holds, if it can only be one thing."""
    held = body.held(dotted(node) or "", node.lineno)
    return held[0].value if len(held) == 1 and held[0].how == "value" else node


def _asked(call: ast.Call, body: Body) -> Term | None:
    """How a call asks for a version of a model: by what, and of which model, if that is told."""
    name = last_name(call.func)
    asked: ast.expr | None = None
    kind = ""
    if name == "get_model_version_by_alias":
        kind, asked = "alias", _argument(call, "alias", 1)
    elif name == "get_latest_versions":
        stages = _argument(call, "stages", 1)
        only = getattr(stages, "elts", [stages])
        kind, asked = "stage", only[0] if len(only) == 1 else None
    if asked is None:
        return None
    model = text_of(_argument(call, "name", 0), body, call.lineno)
    return Term(kind, key_of(asked, body), "" if HOLE.search(model) else model)


def _argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    return keyword_value(call, name) or (call.args[place] if len(call.args) > place else None)
