"""Which findings the directives of a file suppress, and which directives suppress nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trackfix.lint.directives import NOQA, Directive
from trackfix.lint.finding import Finding
from trackfix.lint.markers import family

CODE = "TRK001"
NAME = "unused-ignore"

# A directive by its number, and one of its codes.
_Use = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """The findings that remain, with those of TRK001, and how many were suppressed."""

    findings: tuple[Finding, ...]
    count: int


def matches(item: str, code: str, name: str) -> bool:
    """Whether an item of a directive means a rule; it is a code, the start of one, or a name."""
    return code.upper().startswith(item.upper()) or item.lower() == name


def suppress(
    path: str,
    findings: Sequence[Finding],
    directives: Sequence[Directive],
    names: Mapping[str, str],
    enabled: Collection[str],
    *,
    complete: bool = True,
) -> Suppressed:
    """Take away the findings of a file that its directives cover.

    A directive that covers none becomes a finding itself if every rule that it names is in
    ``enabled``, as TRK001 must be. One that names TRK001 is spared, and spares others.
    ``names`` has the code and name of every rule there is. Without ``complete`` not all rules
    have run, as in a file with a syntax error, so that no directive can be called unused.
    """
    judge = _Judge(path, directives, names, enabled)
    kept = [finding for finding in findings if not judge.is_suppressed(finding)]
    if complete and CODE in enabled:
        kept += [f for f in list(judge.complaints()) if not judge.is_suppressed(f)]
    return Suppressed(tuple(sorted(kept, key=lambda finding: finding.place)), judge.suppressed)


class _Judge:
    def __init__(
        self,
        path: str,
        directives: Sequence[Directive],
        names: Mapping[str, str],
        enabled: Collection[str],
    ) -> None:
        self.path = path
        self.directives = directives
        self.names = names
        self.enabled = enabled
        self.families = {family(code) for code in names}
        self.used: set[_Use] = set()
        self.suppressed = 0

    def is_suppressed(self, finding: Finding) -> bool:
        uses = {
            (number, item)
            for number, directive in enumerate(self.directives)
            if directive.covers(finding)
            for item in directive.codes or ("",)
            if matches(item, finding.code, finding.name)
        }
        self.used |= uses
        self.suppressed += bool(uses)
        return bool(uses)

    def complaints(self) -> Iterator[Finding]:
        """What is wrong with the directives."""
        for number, directive in enumerate(self.directives):
            if directive.problem:
                yield self.finding(directive, f"suppresses nothing: {directive.problem}")
                continue
            unused = []
            for item in directive.codes:
                meant = {code for code, name in self.names.items() if matches(item, code, name)}
                if not meant and (directive.kind != NOQA or family(item) in self.families):
                    yield self.finding(directive, f"'{item}' is no rule{self.hint(item)}")
                rest = meant - {CODE}
                if rest and rest <= set(self.enabled) and (number, item) not in self.used:
                    unused.append(item)
            if unused:
                listed = f"{directive.kind}[{', '.join(unused)}]"
                yield self.finding(directive, f"{listed} suppresses no finding; remove it")

    def hint(self, item: str) -> str:
        import difflib

        known = [*self.names, *self.names.values()]
        spelled = item.upper() if any(c.isdigit() for c in item) else item.lower()
        close = difflib.get_close_matches(spelled, known, 1)
        return f"; did you mean '{close[0]}'?" if close else ""

    def finding(self, directive: Directive, message: str) -> Finding:
        return Finding(
            CODE,
            NAME,
            self.path,
            directive.line,
            directive.column,
            directive.line,
            directive.end_column,
            message,
        )
