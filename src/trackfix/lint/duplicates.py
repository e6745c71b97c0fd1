"""Findings about run logic that is written more than once, for the rules that report it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackfix.lint.finding import Finding, Fix, Note, Related
from trackfix.lint.rule import LintProject
from trackfix.project.run_logic.duplicates import Duplicates

# A run on a file that repeats nothing imports nothing of it.
if TYPE_CHECKING:
    from trackfix.project.run_logic.groups.group import Copy

# The jobs after which there may be nothing, which one function raises and another passes over.
_MAY_FIND_NOTHING = frozenset({"find-run", "create-run", "resolve-experiment"})
_NOT_COMPARED = "what they do where nothing is found was not compared"


def duplicate_findings(
    code: str, name: str, kind: str, does: str, path: str, project: LintProject
) -> Iterator[Finding]:
    """A finding for each copy of one kind in a file. ``does`` says what the copy does, such as
    ``finds a run``."""
    for copy in project.analysis(Duplicates).copies(path, kind):
        fragment, truth = copy.fragment, copy.truth
        fix, obstacle = _fix(copy, project)
        yield Finding(
            code,
            name,
            path,
            fragment.line,
            fragment.column,
            fragment.line,
            fragment.column + 1,
            f"{does} the way {truth.home} does ({copy.score:.2f})"
            if truth.path
            else f"{does} by hand; {truth.home} is there for it ({copy.score:.2f})",
            confidence=copy.score,
            fix=fix,
            related=_related(copy),
            notes=tuple(_notes(copy, kind, obstacle)),
        )


def _fix(copy: Copy, project: LintProject) -> tuple[Fix | None, str]:
    """The call that can stand for a copy whose steps are plain, or what stands in the way."""
    from trackfix.project.run_logic.replacing.not_plain import NotPlain
    from trackfix.project.run_logic.replacing.replacements import Replacements

    try:
        found = project.analysis(Replacements).of(copy)
    except NotPlain as error:
        return None, str(error)
    return Fix("use-source-of-truth", "unsafe", found.message), ""


def _related(copy: Copy) -> tuple[Related, ...]:
    truth, step = copy.truth, copy.step
    if not truth.path:
        return ()
    found = [Related(truth.path, truth.first, truth.last, "source-of-truth", truth.chosen)]
    if step is not None:
        steps = " → ".join(dict.fromkeys(part.text for part in step.steps))
        found.append(Related(step.path, step.first, step.last, "its step", steps))
    return tuple(found)


def _notes(copy: Copy, kind: str, obstacle: str) -> Iterator[Note]:
    yield Note("same steps", " → ".join(dict.fromkeys(part.text for part in copy.fragment.steps)))
    if not copy.truth.path:
        yield Note("why this one", copy.truth.chosen)
    else:
        # What a fix changes where nothing is found is said in its message.
        is_open = bool(obstacle) and kind in _MAY_FIND_NOTHING
        same = "in no step" + (f"; {_NOT_COMPARED}" if is_open else "")
        yield Note("differs", "; ".join(copy.differs) or same)
    yield Note("call instead", call_instead(copy))
    if obstacle and copy.truth.path:
        yield Note("left alone", obstacle)


def call_instead(copy: Copy) -> str:
    """How to call the source of truth, and what of it the file has already."""
    truth = copy.truth
    told = truth.call
    if copy.called:
        return f"{told}, which is called in line {copy.called} already"
    if copy.imported:
        return f"{told}, which is at hand in this file"
    return f"{told} from {truth.module}"
