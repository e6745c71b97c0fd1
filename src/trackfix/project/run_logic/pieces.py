"""Pieces of run logic at their places in a file."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable

from trackfix.project.run_logic.fragments import Fragment, Kind, Step
from trackfix.project.run_logic.values.bodies import Body


def piece_at(
    node: ast.expr, body: Body, kind: Kind, steps: Collection[Step], lines: Iterable[int] = ()
) -> Fragment:
    """The piece of a kind that a function has at a node: its ``steps``, and the ``lines`` that are
    its own besides. It reaches to the end of the node, which may have one line for each argument.
    """
    around = [*lines, *(step.line for step in steps)]
    return Fragment(
        kind=kind,
        path=body.file.document.path,
        function=body.name,
        line=body.file.line(node),
        column=node.col_offset + 1,
        first=min(around),
        last=max(*around, body.file.last_line(node)),
        steps=tuple(sorted(set(steps))),
    )
