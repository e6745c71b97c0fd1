"""What becomes of the fixes that rules promise: only the codemod knows what it leaves alone.

A rule sees one place. Whether a fix is safe may depend on a test elsewhere that patches the name,
or on a file that must not change. So where a rule has not judged that itself, the codemod is asked
what it would do; no plan is made of it, and nothing is verified.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from trackfix.lint.finding import Finding
from trackfix.lint.outcome import Outcome
from trackfix.lint.rule import LintProject
from trackfix.lint.selection import Selection
from trackfix.project.project import Project
from trackfix.project.shims.shims import Shims
from trackfix.project.untouched import untouched_files
from trackfix.rewrite.codemod import Codemod, Skipped, load_codemods

Reasons = Mapping[tuple[str, int], str]
# Why a file is held back that was not asked for.
OTHER_FILE = "it is not among the files to mend"


def with_prospects(outcome: Outcome, shared: LintProject, selection: Selection) -> Outcome:
    """The outcome, with no fix called safe that is not, and none where nothing would be done."""
    codes: dict[str, set[str]] = {}
    judged: set[str] = set()
    for finding in outcome.findings:
        fix = finding.fix
        if fix is not None and fix.safety == "safe":
            codes.setdefault(fix.codemod, set()).add(finding.code)
            judged |= {fix.codemod} if fix.is_judged else set()
    if not codes:
        return outcome
    frozen = frozen_files(codes, outcome.suppressed, shared.project, selection)
    asked = tuple(name for name in codes if name not in judged or _may_bind(frozen[name], shared))
    found = outcome.findings
    for codemod in load_codemods(asked) if asked else ():
        found = tuple(_judged(found, codemod, shared, frozen[codemod.name]))
    return outcome._replace(findings=found)


def _may_bind(frozen: Mapping[str, str], shared: LintProject) -> bool:
    """Whether one of the files that must not change refers to a shim: what it patches has to stay.
    The rules that judge by themselves know nothing of such files."""
    return not frozen.keys().isdisjoint(shared.analysis(Shims).candidates)


def frozen_files(
    codes: Mapping[str, Collection[str]],
    suppressed: Collection[Finding],
    project: Project,
    selection: Selection,
    paths: Collection[str] | None = None,
) -> dict[str, dict[str, str]]:
    """For each codemod the files that it must not change, and why: those that are left untouched or
    not at ``paths``, those with a ``suppressed`` finding, and those where a rule is off
    whose findings it mends. ``codes`` are these rules for each codemod."""
    frozen: dict[str, dict[str, str]] = {}
    untouched = untouched_files(project)
    for name, mended in codes.items():
        found = frozen.setdefault(name, dict(untouched))
        for path in project.facts:
            off = set(mended) - selection.rules_for(path)
            if paths is not None and path not in paths:
                found[path] = OTHER_FILE
            elif off:
                found[path] = f"{min(off)} is off there"
    for finding in suppressed:
        if finding.fix is not None and finding.fix.codemod in frozen:
            why = f"{finding.code} is suppressed in line {finding.line} of it"
            frozen[finding.fix.codemod].setdefault(finding.path, why)
    return frozen


def reasons_of(skipped: Iterable[Skipped]) -> Reasons:
    """The first reason at each place."""
    found: dict[tuple[str, int], str] = {}
    for item in skipped:
        found.setdefault((item.path, item.line), item.reason)
    return found


def left_alone(finding: Finding, reasons: Reasons) -> Finding:
    """The finding without its fix, and with the reason, if there is one for its place."""
    reason = reasons.get((finding.path, finding.line))
    said = f"; left alone: {reason}" if reason else ""
    return finding._replace(fix=None, message=finding.message + said)


def _judged(
    findings: Collection[Finding], codemod: Codemod, shared: LintProject, held: Mapping[str, str]
) -> Iterator[Finding]:
    moves = shared.analysis(Shims).moves

    def reasons(*, unsafe: bool) -> Reasons:
        if hasattr(codemod, "left_alone"):
            return reasons_of(codemod.left_alone(shared.project, moves, unsafe=unsafe, held=held))
        proposal = codemod.propose(shared.project, moves, unsafe=unsafe, held=held)
        return reasons_of(proposal.skipped)

    fixes = [finding.fix for finding in findings if finding.fix is not None]
    # To say what is held back in any run, an unsafe one is enough.
    are_judged = all(fix.is_judged for fix in fixes if fix.codemod == codemod.name)
    doubts = {} if are_judged else reasons(unsafe=False)
    obstacles = reasons(unsafe=True) if are_judged or doubts else {}
    for finding in findings:
        fix, place = finding.fix, (finding.path, finding.line)
        if fix is None or fix.codemod != codemod.name:
            yield finding
        elif fix.is_judged:
            is_held = "is held back: " in obstacles.get(place, "")
            yield left_alone(finding, obstacles) if is_held else finding
        elif fix.safety == "safe" and place not in doubts:
            # What an unsafe run would change besides may stand in its way, but not in this one's.
            yield finding
        elif place in obstacles:
            yield left_alone(finding, obstacles)
        elif place in doubts and fix.safety == "safe":
            doubt = doubts[place].replace("unsafe: ", "", 1)
            message = f"{fix.message}, which is not proven safe: {doubt}"
            yield finding._replace(fix=fix._replace(safety="unsafe", message=message))
        else:
            yield finding
