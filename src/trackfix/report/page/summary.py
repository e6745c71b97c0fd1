"""The first part of the page: the numbers, and what one apply would change and leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trackfix.report.duplicates.words import total
from trackfix.report.html.document import code, text
from trackfix.report.html.parts import at, folded, items, rest
from trackfix.report.text import classes
from trackfix.report.words import many

if TYPE_CHECKING:
    from trackfix.lint.overview import Overview

_MOST_PROBLEMS = 50
_MOST_REASONS = 5


def body(overview: Overview) -> Iterator[str]:
    """The section."""
    yield "<p>What trackfix sees in this project, and what one "
    yield f"{code('trackfix apply')} would change. Nothing has been changed.</p>"
    yield '<dl class="cards">'
    for key, label, number, told in _cards(overview):
        link = f'<a href="#{key}">{text(label)}</a>' if key else text(label)
        yield f"<div><dt>{link}</dt><dd><b>{number}</b> {text(told)}</dd></div>"
    yield "</dl>"
    yield from _left(overview)
    yield from _problems(overview)


def _cards(overview: Overview) -> Iterator[tuple[str, str, int, str]]:
    """For each number the section that it is from, its label, and what is told with it."""
    files = overview.files
    kinds = ", ".join(many(count, kind) for kind, count in files.items() if count)
    yield "", "Files", sum(files.values()), kinds or "no Python"
    entries = overview.entries
    yield "reexports", "Re-export modules", len(entries), classes(entries) or "none"
    shims = [entry for entry in entries if entry.module.class_ == "shim"]
    idle = sum(entry.is_dead for entry in shims)
    told = f"to {many(len(shims), 'shim')}" + f", {idle} of them dead" * bool(idle)
    yield (
        "reexports",
        "References",
        sum(entry.total for entry in shims),
        told if shims else "no shims",
    )
    found = overview.outcome.findings
    rules = many(len({finding.code for finding in found}), "rule")
    places = many(len({finding.path for finding in found}), "file")
    yield "findings", "Findings", len(found), f"of {rules} in {places}" if found else "none"
    copies = total(overview.catalogue.groups)
    told = f"of {many(copies.groups, 'job')}; about {many(copies.lines, 'line')} would go"
    yield "duplicates", "Duplicates", copies.places, told if copies.groups else "none"
    files_changed = [file for file in overview.plan.files if file.after is not None]
    removed = len(overview.plan.files) - len(files_changed)
    told = f"by one apply, in {many(sum(overview.edits.values()), 'edit')}"
    told += f"; {removed} removed" * bool(removed)
    yield "apply", "Files to change", len(files_changed), told if overview.plan.files else "none"


def _left(overview: Overview) -> Iterator[str]:
    """What one apply leaves as it is, and why."""
    skipped, remaining = overview.plan.skipped, overview.plan.remaining
    if overview.edits:
        parts = (f"{many(count, 'edit')} by {code(name)}" for name, count in overview.edits.items())
        yield f"<p>One apply: {', '.join(parts)}.</p>"
    else:
        yield "<p>One apply would change nothing.</p>"
    if skipped:
        yield f"<p>It leaves {many(len(skipped), 'place')} alone, because it can't prove that "
        yield "a change keeps what the code does:</p>"
        yield from items(f"{at(s.path, s.line)} {text(s.reason)}" for s in skipped[:_MOST_REASONS])
        if len(skipped) > _MOST_REASONS:
            yield f'<p><a href="#apply">{many(len(skipped) - _MOST_REASONS, "more place")}</a></p>'
    if remaining:
        places = many(len(remaining), "place")
        yield f"<p>{places} in text and comments would still name a shim.</p>"
    others = [e for e in overview.entries if e.module.class_ != "shim"]
    if others:
        yield "<p>Re-export modules that are public or have code of their own stay as they are: "
        yield f"{classes(others)}.</p>"


def _problems(overview: Overview) -> Iterator[str]:
    """The files that could not be read."""
    problems = overview.problems
    if not problems:
        return
    left_out = f"{many(len(problems), 'file')} could not be read as Python"
    yield from folded(
        f"<strong>{left_out}</strong> and {'is' if len(problems) == 1 else 'are'} left out",
        [
            *items(f"{at(p.path, p.line)} {text(p.message)}" for p in problems[:_MOST_PROBLEMS]),
            *rest(len(problems) - _MOST_PROBLEMS, "file", "trackfix scan"),
        ],
    )
