"""A rule of another distribution, whose failures are told as such."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from trackfix.lint.finding import Finding
from trackfix.lint.registry import RuleError
from trackfix.lint.rule import Example, LintProject, Rule
from trackfix.project.settings.config import ConfigError
from trackfix.source.errors import TOO_DEEP, SourceError, in_one_line

# What says something about a file or the settings, and nothing about the rule.
_NOT_OF_RULES = (SourceError, ConfigError, *TOO_DEEP)
_OPTIONAL = ("triggers", "places")


class GuardedRule:
    """What a rule finds; if it fails, that is a `RuleError` which says whose it is and where."""

    # As of the rule: linting asks for no examples, so that a rule may have none.
    code: str
    name: str
    good: tuple[Example, ...]
    bad: tuple[Example, ...]

    def __init__(self, rule: Rule, described: str) -> None:
        self._rule = rule
        self._described = described

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._rule, name)
        if name not in _OPTIONAL:
            return found
        return lambda project: self._guarded(lambda: found(project))

    def candidates(self, project: LintProject) -> Iterable[str]:
        """As of the rule.

        Raises:
            RuleError: it fails.
        """
        found: list[str] = self._guarded(lambda: [*self._rule.candidates(project)])
        return found

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        """As of the rule.

        Raises:
            RuleError: it fails, or yields something else than findings.
        """
        found = self._guarded(lambda: [*self._rule.check(path, project)], f" on {path}")
        for finding in found:
            if not isinstance(finding, Finding):
                kind = type(finding).__name__
                raise RuleError(f"{self._described} yields {kind} instead of Finding on {path}")
            yield finding

    def _guarded(self, call: Callable[[], Any], place: str = "") -> Any:
        try:
            return call()
        except _NOT_OF_RULES:
            raise
        except Exception as error:
            reason = in_one_line(error)
            last = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{Path(last.filename).name}, line {last.lineno}"
            raise RuleError(
                f"{self._described} fails{place}: {reason} ({where}); mend the rule, or ignore it"
            ) from error
