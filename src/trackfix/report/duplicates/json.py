"""The JSON of ``trackfix scan --duplicates``, see docs/schema/duplicates.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from trackfix.lint.duplicates import call_instead
from trackfix.report.duplicates.words import totals
from trackfix.report.json import VERSION

if TYPE_CHECKING:
    from trackfix.project.run_logic.catalogue import Catalogue
    from trackfix.project.run_logic.fragments import Fragment, Step
    from trackfix.project.run_logic.groups.group import Copy, Group
    from trackfix.project.run_logic.groups.truths import Truth


def render(catalogue: Catalogue) -> str:
    """All groups; the shape is stable, a change of it bumps the version."""
    value = {
        "version": VERSION,
        "groups": [_group(catalogue, group) for group in catalogue.groups],
        "totals": [
            {
                "kind": each.kind,
                "groups": each.groups,
                "copies": each.places,
                "lines_to_go": each.lines,
            }
            for each in totals(catalogue.groups)
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


def _group(catalogue: Catalogue, group: Group) -> dict[str, Any]:
    steps = {id(copy.step): copy.step for copy in group.copies if copy.step is not None}
    places = sorted(steps.values(), key=lambda step: (step.path, step.line))
    return {
        "kind": group.kind,
        "source_of_truth": _truth(group.truth),
        "lines_to_go": group.lines_to_go,
        "members": [
            *({"role": "source-of-truth", **_fragment(catalogue, step)} for step in places),
            *(_copy(catalogue, group, copy) for copy in group.copies),
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


def _copy(catalogue: Catalogue, group: Group, copy: Copy) -> dict[str, Any]:
    found = catalogue.comparison(group, copy)
    base = found.base
    return {
        "role": "copy",
        **_fragment(catalogue, copy.fragment),
        "score": copy.score,
        "differs": list(copy.differs),
        "beside": None
        if base is None
        else {"path": base.path, "first_line": base.first, "last_line": base.last},
        "aligned": [
            {"how": pair.how, "here": _step(pair.here), "there": _step(pair.there)}
            for pair in found.pairs
        ],
        "call_instead": call_instead(copy),
        "called_in_line": copy.called or None,
    }


def _fragment(catalogue: Catalogue, fragment: Fragment) -> dict[str, Any]:
    lines = catalogue.function_lines(fragment)
    return {
        "path": fragment.path,
        "function": fragment.function,
        "function_lines": None if lines is None else list(lines),
        "kind": fragment.kind,
        "line": fragment.line,
        "column": fragment.column,
        "first_line": fragment.first,
        "last_line": fragment.last,
        "steps": [_step(step) for step in fragment.steps],
    }


def _step(step: Step | None) -> dict[str, Any] | None:
    return None if step is None else {"line": step.line, "text": step.text}
