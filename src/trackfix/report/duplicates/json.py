"""The JSON of ``trackfix scan --duplicates``, see docs/schema/duplicates.json."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from trackfix.report.json import VERSION

if TYPE_CHECKING:
    from trackfix.project.run_logic.duplicates import Copy, Group
    from trackfix.project.run_logic.fragments import Fragment
    from trackfix.project.run_logic.truths import Truth


def render(groups: Sequence[Group]) -> str:
    """All groups; the shape is stable, a change of it bumps the version."""
    value = {"version": VERSION, "groups": [_group(group) for group in groups]}
    return json.dumps(value, indent=2, ensure_ascii=False)


def _group(group: Group) -> dict[str, Any]:
    steps = {id(copy.step): copy.step for copy in group.copies if copy.step is not None}
    places = sorted(steps.values(), key=lambda step: (step.path, step.line))
    return {
        "kind": group.kind,
        "source_of_truth": _truth(group.truth),
        "lines_to_go": group.lines_to_go,
        "members": [
            *({"role": "source-of-truth", **_fragment(step)} for step in places),
            *(_copy(copy) for copy in group.copies),
        ],
    }


def _truth(truth: Truth) -> dict[str, Any]:
    return {
        "module": truth.module,
        "name": truth.name,
        "path": truth.path or None,
        "first_line": truth.first or None,
        "last_line": truth.last or None,
        "chosen": truth.chosen,
    }


def _copy(copy: Copy) -> dict[str, Any]:
    step = copy.step
    return {
        "role": "copy",
        **_fragment(copy.fragment),
        "score": copy.score,
        "differs": list(copy.differs),
        "same_as": None
        if step is None
        else {"path": step.path, "first_line": step.first, "last_line": step.last},
        "called_in_line": copy.called or None,
    }


def _fragment(fragment: Fragment) -> dict[str, Any]:
    return {
        "path": fragment.path,
        "function": fragment.function,
        "kind": fragment.kind,
        "line": fragment.line,
        "column": fragment.column,
        "first_line": fragment.first,
        "last_line": fragment.last,
        "steps": [{"line": step.line, "text": step.text} for step in fragment.steps],
    }
