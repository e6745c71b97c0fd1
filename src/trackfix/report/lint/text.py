"""For a terminal: each finding with its line of source, the evidence and the fix."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from trackfix.lint.finding import Finding, Related
from trackfix.lint.report_data import LintError, LintReport
from trackfix.report.lint.words import describe_fix, mark
from trackfix.report.words import many, printable

_BOLD = "1"
_RED = "1;31"
_GREEN = "32"
_BLUE = "34"
_CYAN = "36"


def render(report: LintReport, *, colour: bool = False) -> str:
    """All findings, a blank line after each, and a summary. Evidence that several findings share,
    such as where the factory is, is told with the first of them."""
    text = _Text(report, colour)
    blocks = [
        *(text.finding(finding) for finding in report.in_order),
        *(text.error(error) for error in report.errors),
    ]
    lines = chain.from_iterable([*block, ""] for block in blocks)
    return "\n".join([*lines, *summary(report)])


def summary(report: LintReport) -> Iterator[str]:
    """How many findings and errors there are, and what would mend them."""
    found, fixed = report.findings, report.fixed
    if fixed:
        yield f"Fixed {many(fixed, 'finding')}."
        yield from (f"Removed {printable(c.path)}." for c in report.changes if c.after is None)
    if found:
        safety = [finding.fix.safety for finding in found if finding.fix is not None]
        safe = safety.count("safe")
        unsafe = len(safety) - safe
        # An unsafe fix may turn out not to be one: the codemods are only asked about safe ones.
        ways = [
            *([f"{safe} fixable with --fix"] if safe else []),
            *(
                [f"perhaps {unsafe}{'' if safe else ' fixable'} with --unsafe-fixes"]
                if unsafe
                else []
            ),
        ]
        files = len({finding.path for finding in found})
        total = f"Found {many(len(found), 'finding')} in {many(files, 'file')}"
        yield f"{total}{'; ' if ways else ''}{', '.join(ways)}."
    elif not report.errors:
        yield "No findings left." if fixed else "No findings."
    if report.known:
        yield f"The baseline holds {many(report.known, 'more finding')}."
    if report.errors:
        yield f"Could not check {many(len({e.path for e in report.errors}), 'file')}."


class _Text:
    def __init__(self, report: LintReport, colour: bool) -> None:
        self.report = report
        self.colour = colour
        self.told: set[Related] = set()

    def paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def finding(self, finding: Finding) -> Iterator[str]:
        place = self.place(finding.path, finding.line, finding.column)
        code = self.paint(_RED, finding.code)
        fixable = self.paint(_CYAN, mark(finding))
        yield f"{place} {code}{fixable} {printable(finding.message)} [{finding.name}]"
        width = len(str(max(finding.line, *(r.line for r in finding.related), 0)))
        one_line = finding.end_line == finding.line
        yield from self.source(
            finding.path,
            finding.line,
            finding.column,
            finding.end_column if one_line else None,
            width,
        )
        for other in finding.related:
            place = self.place(other.path, other.line)
            if other in self.told:
                yield f"{self.note(width)} {other.role}: {place} as above"
                continue
            self.told.add(other)
            yield f"{self.note(width)} {other.role}: {place} {printable(other.message)}"
            yield from self.source(other.path, other.line, None, None, width)
        for note in finding.notes:
            yield f"{self.note(width)} {note.label}: {printable(note.text)}"
        if finding.fix is not None:
            what = printable(describe_fix(finding.fix))
            yield f"{self.note(width)} {self.paint(_GREEN, 'fix')}: {what}"

    def source(
        self, path: str, line: int, column: int | None, end_column: int | None, width: int
    ) -> Iterator[str]:
        text = self.report.line_of(path, line)
        if not text.strip():
            return
        from trackfix.report.lint.excerpt import excerpt

        shown, carets = excerpt(text, column or 1, end_column)
        bar = self.paint(_BLUE, "|")
        yield f" {' ' * width} {bar}"
        yield f" {self.paint(_BLUE, f'{line:{width}}')} {bar} {shown}"
        if column is not None:
            yield f" {' ' * width} {bar} {self.paint(_RED, carets)}"

    def error(self, error: LintError) -> Iterator[str]:
        place = self.place(error.path, error.line)
        yield f"{place} {self.paint(_RED, 'error')}: {printable(error.message)}"

    def place(self, path: str, *numbers: int | None) -> str:
        parts = [str(number) for number in numbers if number is not None]
        return self.paint(_BOLD, ":".join([printable(path), *parts])) + ":"

    def note(self, width: int) -> str:
        return f" {' ' * width} {self.paint(_BLUE, '=')}"
