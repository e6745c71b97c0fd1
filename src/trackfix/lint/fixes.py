"""Mends what a run found, again and again until nothing that can be mended is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from trackfix.lint.finding import Finding
from trackfix.lint.outcome import Outcome
from trackfix.lint.prospects import Reasons, frozen_files, left_alone, reasons_of
from trackfix.lint.selection import SYNTAX_ERROR, Selection
from trackfix.project.project import Project
from trackfix.rewrite.codemod import Skipped, codemod_names, load_codemods
from trackfix.rewrite.notes import Notes, by_first_lines
from trackfix.rewrite.plan import Plan, make_plan
from trackfix.rewrite.transaction import Change

_MOST_ROUNDS = 8

Lint = Callable[[Project], Outcome]


@dataclass(frozen=True, slots=True)
class Fixed:
    """What mending comes to: the findings ``before`` and those that are left ``after`` it, the
    changes to make, and which codemods made them in each file. ``skipped`` says what they left
    alone, ``notes`` for each file what changes in behaviour, with the line before the changes.
    Without convergence there are no changes."""

    before: Outcome
    after: Outcome
    changes: tuple[Change, ...]
    codemods: dict[str, tuple[str, ...]]
    skipped: tuple[Skipped, ...]
    notes: dict[str, Notes] = field(default_factory=dict)
    converged: bool = True

    @property
    def mended(self) -> int:
        """How many findings that have a fix are gone. Another rule may have found something in
        what is new, so this is not what there is less of."""
        fixable = Counter((f.path, f.code) for f in self.before.findings if f.fix is not None)
        others = Counter((f.path, f.code) for f in self.before.findings if f.fix is None)
        left = Counter((f.path, f.code) for f in self.after.findings)
        return sum((fixable - (left - others)).values())


def fix(
    project: Project,
    selection: Selection,
    lint: Lint,
    *,
    unsafe: bool,
    paths: Collection[str] | None = None,
) -> Fixed:
    """Plan the fixes of all findings that ``lint`` has in ``project``. Only files at ``paths`` are
    changed; nothing is written.

    Raises:
        SourceError: a file that is to be changed can't be read any more.
    """
    before = after = lint(project)
    if any(is_allowed(finding, unsafe=unsafe) for finding in before.findings):
        project.read_all()
    current = project
    codemods: dict[str, tuple[str, ...]] = {}
    notes: dict[str, Notes] = {}
    skipped: tuple[Skipped, ...] = ()
    mendable: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        mendable |= {finding.code for finding in after.findings if finding.fix is not None}
        plan = _plan(current, selection, after, unsafe, paths)
        if plan is None:
            break
        skipped = plan.skipped
        if not plan.files:
            break
        for file in plan.files:
            told = by_first_lines(file.notes, file.path, project, current)
            notes[file.path] = tuple(dict.fromkeys((*notes.get(file.path, ()), *told)))
        current = current.overlaid({file.path: file.after for file in plan.files})
        for file in plan.files:
            known = codemods.get(file.path, ())
            codemods[file.path] = tuple(dict.fromkeys((*known, *file.codemods)))
        after = lint(current)
    else:
        return Fixed(before, before, (), {}, skipped, converged=False)
    changes = tuple(
        change
        for path in sorted(codemods)
        if (change := _change(project, current, path)).before != change.after
    )
    left = _without_tried(after, reasons_of(skipped), mendable, unsafe=unsafe)
    left = _without_unasked(left, before, codemods)
    return Fixed(before, left, changes, codemods, skipped, notes)


def _without_tried(
    outcome: Outcome, reasons: Reasons, mendable: Collection[str], *, unsafe: bool
) -> Outcome:
    """The findings without the fixes that were tried, and with what stands in the way of those
    that had none either. ``mendable`` are the rules of which some finding had a fix: what was left
    alone in the line of another rule's finding says nothing of that."""
    findings = (
        left_alone(finding, reasons)
        if is_allowed(finding, unsafe=unsafe)
        or (finding.code in mendable and _is_unexplained(finding))
        else finding
        for finding in outcome.findings
    )
    return outcome._replace(findings=tuple(findings))


def _without_unasked(left: Outcome, before: Outcome, changed: Collection[str]) -> Outcome:
    """The findings without the files that only a plan had to read, and could not: a run without
    fixes says nothing of them."""
    known = {f.path for f in before.findings if f.code == SYNTAX_ERROR}
    kept = (
        finding
        for finding in left.findings
        if finding.code != SYNTAX_ERROR or finding.path in known or finding.path in changed
    )
    return left._replace(findings=tuple(kept))


def _is_unexplained(finding: Finding) -> bool:
    is_told = "; left alone: " in finding.message
    return finding.fix is None and not (
        is_told or any(n.label == "left alone" for n in finding.notes)
    )


def _change(before: Project, after: Project, path: str) -> Change:
    return Change(path, before.read(path), after.read(path) if path in after.facts else None)


def _plan(
    project: Project,
    selection: Selection,
    outcome: Outcome,
    unsafe: bool,
    paths: Collection[str] | None,
) -> Plan | None:
    """The plan for one round; None when no finding has a fix that is allowed."""
    codes: dict[str, set[str]] = {}
    for finding in outcome.findings:
        if finding.fix is not None and is_allowed(finding, unsafe=unsafe):
            codes.setdefault(finding.fix.codemod, set()).add(finding.code)
    names = tuple(name for name in codemod_names() if name in codes)
    if not names:
        return None
    frozen = frozen_files(codes, outcome.suppressed, project, selection, paths)
    return make_plan(project, list(load_codemods(names)), unsafe=unsafe, frozen=frozen)


def is_allowed(finding: Finding, *, unsafe: bool) -> bool:
    """Whether a finding has a fix that may be applied."""
    return finding.fix is not None and (unsafe or finding.fix.safety == "safe")
