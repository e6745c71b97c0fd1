"""What a rule is: it looks at one file of a project and yields findings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

from trackfix.lint.finding import Finding

if TYPE_CHECKING:
    from trackfix.project.modules.resolution import Resolver
    from trackfix.project.project import Project

Analysis = TypeVar("Analysis")

# The files of a small project: path -> contents.
Example = Mapping[str, str]


class LintProject:
    """A project under the eyes of rules, with what several of them want to know of it."""

    def __init__(self, project: Project) -> None:
        self.project = project

    @cached_property
    def resolver(self) -> Resolver:
        """Resolves the names of the project."""
        from trackfix.project.modules.resolution import Resolver

        return Resolver(self.project)

    def analysis(self, make: Callable[[Project, Resolver], Analysis]) -> Analysis:
        """What ``make`` finds out about the project; it is asked once, whoever asks."""
        return self.resolver.analysis(make)

    def made(self, make: Callable[[Project, Resolver], Analysis]) -> Analysis | None:
        """The same if it has been asked already; else None."""
        return self.resolver.made(make)


class Rule(Protocol):
    """The interface of a rule, found through the entry point group ``trackfix.rules``.

    The entry point's name is the rule's code, a space and its name, so that rules that are
    not enabled need not be imported. The docstring of a rule's module is its page in the
    manual: a first line, then the headings *What it does*, *Why is this bad?*, *Before*,
    *After*, *Fix safety* and *Options*.

    Each of the ``bad`` examples has a comment ``# found`` on every line where a finding starts;
    in the ``good`` ones there is no finding.

    A rule may have ``triggers(project)``, words of which one stands in every file that has a
    finding, or None, or ``places(project)``, the only files that can have one as long as `Known`
    holds: a run on a few other files does not even import the rule.

    A rule may have ``covers``, the codes of others whose finding at a place where it has one itself
    is the same problem, told with less. It may have ``reads_others``, true if its first finding
    takes a reading of many files, so that all of its files are best checked in one process; and
    ``asks_known``, true if it asks for what `Known` holds, which is then found out and remembered.
    """

    code: str
    name: str
    good: tuple[Example, ...]
    bad: tuple[Example, ...]

    def candidates(self, project: LintProject) -> Iterable[str]:
        """The files that could have a finding, found by what can be seen without parsing.
        To leave one out is a missed finding; to name one too many costs time only."""

    def check(self, path: str, project: LintProject) -> Iterator[Finding]:
        """The findings in one Python file or notebook, which may not be a candidate."""


def page(rule: Rule) -> str:
    """The page of a rule in the manual."""
    return sys.modules[type(rule).__module__].__doc__ or ""
