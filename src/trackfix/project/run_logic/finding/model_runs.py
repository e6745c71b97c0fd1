"""Runs that made a registered model: the one behind its newest version, or one with an alias, or in
a stage."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from trackfix.project.facts.expressions import is_none
from trackfix.project.run_logic.finding.model_versions import argument, held_at, versions
from trackfix.project.run_logic.fragments import Fragment, Step
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body

_TOLD = {
    "alias": "the version of a model by its alias",
    "stage": "the version of a model by its stage",
    "version": "the newest version of a model",
}


def find_model_runs(body: Body, calls: Sequence[tuple[ast.Call, str]]) -> Iterator[Fragment]:
    """The runs that a function gets by the version of a model."""
    for call, name in calls:
        given = argument(call, "run_id", 0) if name == "get_run" else None
        held = [part for part in held_at(given, body) if not is_none(part)] if given else []
        owners = [_owner_of_run_id(part) for part in held]
        asked = [each for owner in owners for each in versions(owner, body)]
        found = [each for each in asked if each is not None]
        if not found or len(found) < len(asked):
            continue
        line = body.file.line
        steps = [Step(line(call), "get_run(its run_id)")]
        # Where another function asks for a version, the step is one of that function.
        steps += (Step(line(v.call), _TOLD[v.term.kind]) for v in found if v.body is body)
        piece = piece_at(found[0].call if found[0].body is body else call, body, "find-run", steps)
        terms = tuple(sorted({version.term for version in found}))
        yield piece._replace(line=piece.first, terms=terms, limit="one", taken="run")


def _owner_of_run_id(node: ast.expr) -> ast.expr:
    """The version whose run an expression names; else the same, which is no version."""
    return node.value if isinstance(node, ast.Attribute) and node.attr == "run_id" else node
