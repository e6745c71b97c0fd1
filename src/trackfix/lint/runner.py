"""Runs the enabled rules over a project: from files to findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from trackfix.lint.finding import Finding
from trackfix.lint.markers import may_complain, may_suppress
from trackfix.lint.outcome import Outcome
from trackfix.lint.registry import RuleEntry
from trackfix.lint.report_data import LintError
from trackfix.lint.rule import LintProject, Rule
from trackfix.lint.selection import SYNTAX_ERROR, Selection
from trackfix.project.project import Problem, Project, collector_paused
from trackfix.source.errors import SourceError, not_too_deep
from trackfix.source.templates import is_template

if TYPE_CHECKING:
    from trackfix.project.known import Known

_UNUSED_IGNORE = "TRK001"
# Up to so many files it is cheaper to check each than to find out which of all could matter.
_FEW = 30


def lint(
    project: Project,
    selection: Selection,
    paths: Collection[str] | None = None,
    step: Callable[[int, int], None] | None = None,
    shared: LintProject | None = None,
) -> Outcome:
    """Check the files at ``paths``, or all; the rules see the whole project in any case. ``step``
    is told the files done and the files in all; ``shared`` is what rules have found out already.

    Raises:
        RuleError: an enabled rule can't be imported, or is another distribution's and fails.
        ConfigError: a setting that a rule needs can't be used.
    """
    run = _Run(shared or LintProject(project), selection, paths)
    with collector_paused():
        return run.outcome(step)


def find_out(shared: LintProject, selection: Selection) -> Known:
    """What the enabled rules want to know of the project as a whole.

    Raises:
        RuleError, ConfigError: as `lint`.
    """
    from trackfix.project.clients.constructions import Clients
    from trackfix.project.clients.factory_finder import find_client_factory
    from trackfix.project.known import Known
    from trackfix.project.plain_data import to_plain
    from trackfix.project.shims.shims import Shims

    project = shared.project
    with collector_paused():
        triggers, places = {}, {}
        for code, rule in _load(selection.enabled_rules()).items():
            for _ in rule.candidates(shared) if getattr(rule, "asks_known", False) else ():
                pass
            words = rule.triggers(shared) if hasattr(rule, "triggers") else None
            if words is not None:
                triggers[code] = sorted(set(words))
            if hasattr(rule, "places"):
                places[code] = sorted(rule.places(shared))
        shims, clients = shared.made(Shims), shared.made(Clients)
        factory = shared.made(find_client_factory)
        answers = {
            "roots": project.roots,
            "module_setters": project.facts.module_setters,
            "attribute_setters": project.facts.attribute_setters,
            "shims": tuple(shims.moves.by_key.values()) if shims else None,
            # What speaks for one that is not the project's may be any text, and is soon asked.
            "factory": factory
            if factory and (factory.path or factory.origin == "library")
            else None,
            "client_words": sorted(clients.words) if clients else None,
            "triggers": triggers,
            "places": places,
        }
        return Known(to_plain(answers))


def _load(entries: Collection[RuleEntry]) -> dict[str, Rule]:
    rules = {entry.code: entry.load() for entry in entries if not entry.is_built_in}
    foreign = [entry for entry in entries if entry.code in rules and not entry.is_own]
    if foreign:
        from trackfix.lint.guarded_rule import GuardedRule

        for entry in foreign:
            rules[entry.code] = GuardedRule(rules[entry.code], entry.described)
    return rules


class _Part(NamedTuple):
    findings: list[Finding]
    suppressed: list[Finding]
    problems: list[Problem]


class _Run:
    def __init__(
        self, shared: LintProject, selection: Selection, paths: Collection[str] | None
    ) -> None:
        self.project = project = shared.project
        self.shared = shared
        self.selection = selection
        # One that is asked for may be gone: a fix has removed it, or it is known to be no Python.
        self.paths = [path for path in project.facts if paths is None or path in paths]
        self.wanted = paths
        self.names = {entry.code: entry.name for entry in selection.rules}
        self.rules = _load([e for e in selection.enabled_rules() if self.may_find(e.code)])

    def may_find(self, code: str) -> bool:
        """Whether a rule could find something in a few files, as far as is known without it."""
        known = self.project.known
        if known is None or len(self.paths) > _FEW:
            return True
        if code in known.places:
            return not set(known.places[code]).isdisjoint(self.paths)
        words = known.triggers.get(code)
        if words is None:
            return True
        texts = [self.project.facts.bytes_of(path) or b"" for path in self.paths]
        return any(word.encode() in text for word in words for text in texts)

    def outcome(self, step: Callable[[int, int], None] | None) -> Outcome:
        candidates = self.candidates()
        problems = len(self.project.problems)
        here, *others = self.shares(candidates)

        def check(paths: Sequence[str]) -> _Part:
            part = _Part([], [], self.project.problems[problems:])
            for done, path in enumerate(paths):
                if step is not None and paths is here:
                    step(done, len(paths))
                self.check(path, candidates, part)
            return part._replace(problems=self.project.problems[problems:])

        if not others:
            parts = [check(here)]
        else:
            from trackfix.project.processes import in_processes

            parts = in_processes(check, [here, *others])
        for part in parts[1:]:
            known = self.project.problems
            known += [problem for problem in part.problems if problem not in known]
        found = [finding for part in parts for finding in part.findings]
        suppressed = [finding for part in parts for finding in part.suppressed]
        unreadable, errors = self.unreadable(candidates)
        findings = sorted(found + unreadable, key=lambda finding: finding.place)
        suppressed.sort(key=lambda finding: finding.place)
        outcome = Outcome(tuple(findings), tuple(suppressed), tuple(errors))
        if not any(finding.fix is not None for finding in findings):
            return outcome
        from trackfix.lint.prospects import with_prospects

        return with_prospects(outcome, self.shared, self.selection)

    def shares(self, candidates: Mapping[str, Collection[str]]) -> list[list[str]]:
        """The files to check in this process, and those for each other one that is worth it."""
        if len(self.paths) <= _FEW:
            return [self.paths]
        from trackfix.project.processes import process_count, shares

        together = {c for c, rule in self.rules.items() if getattr(rule, "reads_others", False)}
        sizes = {
            path: len(self.project.facts.bytes_of(path) or b"")
            for path in self.paths
            if any(path in found for found in candidates.values())
        }
        bound = {path for path in sizes if any(path in candidates[code] for code in together)}
        _, *others = shares(sizes, bound, process_count(sizes.values(), self.project.jobs))
        elsewhere = {path for share in others for path in share}
        here = [path for path in self.paths if path not in elsewhere]
        return [here, *(share for share in others if share)]

    def check(self, path: str, candidates: Mapping[str, Collection[str]], part: _Part) -> None:
        """Add what is found in one file."""
        enabled = self.selection.rules_for(path)
        rules = [self.rules[c] for c in self.rules if c in enabled and path in candidates[c]]
        marked = self.may_complain(path) and _UNUSED_IGNORE in enabled
        if rules:
            self.project.is_python(path)  # which takes it down as a problem if it is not
        if not (rules or marked) or self.project.facts.is_unreadable(path):
            return
        found: list[Finding] = []
        for rule in rules:
            try:
                with not_too_deep("be checked"):
                    found += rule.check(path, self.shared)
            except SourceError as error:
                problem = Problem(path, error.line, error.message)
                if problem not in self.project.problems:
                    self.project.problems.append(problem)
                enabled -= {rule.code}  # whose suppressions may well be used
        kept = self.without_suppressed(path, found, enabled) if found or marked else []
        part.findings.extend(self.without_covered(kept))
        part.suppressed.extend(finding for finding in found if finding not in kept)

    def candidates(self) -> dict[str, Collection[str]]:
        """For each rule the files that it is to see."""
        if len(self.paths) <= _FEW:
            # A file that is asked for by name is read in any case, to tell of a syntax error.
            for path in self.paths:
                self.project.is_python(path)
            return dict.fromkeys(self.rules, frozenset(self.paths))
        return {code: frozenset(rule.candidates(self.shared)) for code, rule in self.rules.items()}

    def may_complain(self, path: str) -> bool:
        try:
            return may_complain(self.project.read(path), self.names)
        except SourceError:
            self.project.facts.get(path)  # which takes it down as a problem
            return False

    def without_suppressed(
        self, path: str, found: list[Finding], enabled: frozenset[str]
    ) -> list[Finding]:
        try:
            if not may_suppress(self.project.read(path), self.names):
                return found
            from trackfix.lint.directives import find_directives
            from trackfix.lint.suppressions import suppress

            directives = find_directives(self.project.document(path))
        except SourceError:
            return found
        return list(suppress(path, found, directives, self.names, enabled).findings)

    def without_covered(self, found: list[Finding]) -> list[Finding]:
        """One finding for one problem: that of the rule that says more."""
        covered = {
            (*finding.place[:3], code)
            for finding in found
            if finding.code in self.rules
            for code in getattr(self.rules[finding.code], "covers", ())
        }
        return [finding for finding in found if finding.place not in covered]

    def unreadable(
        self, candidates: Mapping[str, Collection[str]]
    ) -> tuple[list[Finding], list[LintError]]:
        """What is no Python of the files that a rule looks at, or of all if all have been read, and
        what can't be read. Which others were parsed on the way depends on what was remembered."""
        seen = frozenset(self.paths if len(self.paths) <= _FEW else ()).union(*candidates.values())
        findings, errors = [], []
        for problem in self.project.problems:
            if self.wanted is not None and problem.path not in self.wanted:
                continue
            if problem.out_of_reach:
                errors.append(LintError(problem.path, None, problem.message))
                continue
            was_read = problem.path in seen or problem.path not in self.project.facts
            is_wanted = was_read and SYNTAX_ERROR in self.selection.rules_for(problem.path)
            if is_wanted and not self.is_template(problem.path):
                line = problem.line or 1
                place = (problem.path, line, 1, line, 1)
                findings.append(Finding(SYNTAX_ERROR, "syntax-error", *place, problem.message))
        return findings, errors

    def is_template(self, path: str) -> bool:
        try:
            return is_template(path, self.project.read(path))
        except SourceError:
            return False
