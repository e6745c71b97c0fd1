"""The findings: how many of each rule in each folder, and each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trackfix.lint.finding import Finding
from trackfix.report.html.document import code, prose, text
from trackfix.report.html.parts import at, folded, items, rest, table
from trackfix.report.lint.words import mark
from trackfix.report.words import many

if TYPE_CHECKING:
    from trackfix.lint.overview import Overview

_MOST_FOLDERS = 8
_MOST_FINDINGS = 100
_MOST_ERRORS = 50
_OTHERS = "other folders"


def body(overview: Overview) -> Iterator[str]:
    """The section."""
    outcome = overview.outcome
    by_rule: dict[str, list[Finding]] = {}
    for finding in sorted(outcome.findings, key=lambda f: (f.code, f.place)):
        by_rule.setdefault(finding.code, []).append(finding)
    if by_rule:
        yield from _counts(overview, by_rule)
        yield f"<p>{code('[*]')} stands beside what {code('trackfix lint --fix')} mends.</p>"
    else:
        yield "<p>No findings.</p>"
    for rule, found in by_rule.items():
        yield from _rule(overview, rule, found)
    silent = [rule for rule in sorted(overview.rules) if rule not in by_rule]
    if silent:
        yield f"<p>{many(len(silent), 'rule')} found nothing: {', '.join(map(code, silent))}.</p>"
    if outcome.suppressed:
        yield f"<p>Comments suppress {many(len(outcome.suppressed), 'more finding')}.</p>"
    errors = outcome.errors
    if errors:
        yield f"<p>Could not check {many(len({e.path for e in errors}), 'file')}:</p>"
        yield from items(f"{at(e.path, e.line)} {text(e.message)}" for e in errors[:_MOST_ERRORS])
        yield from rest(len(errors) - _MOST_ERRORS, "file", "trackfix lint")


def _counts(overview: Overview, by_rule: dict[str, list[Finding]]) -> Iterator[str]:
    labels = folders([finding.path for found in by_rule.values() for finding in found])
    columns = sorted(set(labels.values()), key=lambda name: (name == _OTHERS, name))
    rows = []
    for rule, found in by_rule.items():
        counts = Counter(labels[finding.path] for finding in found)
        told = f"{_link(rule, found)}<br>{_summary(overview, rule)}"
        rows.append([told, str(len(found)), *(_number(counts[name]) for name in columns)])
    everything = Counter(labels[f.path] for found in by_rule.values() for f in found)
    sums = [str(everything[name]) for name in columns]
    rows.append(["all", str(sum(map(len, by_rule.values()))), *sums])
    titles = ("rule", "all", *columns)
    yield from table("Findings by rule and folder", titles, rows, range(1, len(titles)))


def folders(paths: Sequence[str]) -> dict[str, str]:
    """A folder to count each path under: the first one in which they differ; beyond so many, those
    with most paths, and one label for the others."""
    parts = {path: path.split("/")[:-1] for path in paths}
    depth = 1
    while len({tuple(found[:depth]) for found in parts.values()}) == 1 and any(
        len(found) > depth for found in parts.values()
    ):
        depth += 1
    named = {path: "/".join([*found[:depth], ""]) or "./" for path, found in parts.items()}
    counts = Counter(named[path] for path in paths)
    order = sorted(counts, key=lambda name: (-counts[name], name))
    kept = order if len(order) <= _MOST_FOLDERS else order[: _MOST_FOLDERS - 1]
    return {path: name if name in kept else _OTHERS for path, name in named.items()}


def _rule(overview: Overview, rule: str, found: Sequence[Finding]) -> Iterator[str]:
    safe = sum(bool(mark(finding)) for finding in found)
    fixable = f", {safe} fixable with {code('trackfix lint --fix')}" if safe else ""
    title = f"<h3>{code(f'{rule} {found[0].name}')}</h3>: {many(len(found), 'finding')}{fixable}"
    lines = (
        f"{at(f.path, f.line)}{text(mark(f))} {text(f.message)}" for f in found[:_MOST_FINDINGS]
    )
    yield f'<div id="rule-{text(rule)}">'
    yield from folded(
        title,
        [
            f"<p>{_summary(overview, rule)}</p>",
            *items(lines),
            *rest(len(found) - _MOST_FINDINGS, "finding", f"trackfix lint --select {rule}"),
        ],
    )
    yield "</div>"


def _summary(overview: Overview, rule: str) -> str:
    return prose(overview.rules[rule].summary) if rule in overview.rules else ""


def _link(rule: str, found: Sequence[Finding]) -> str:
    return f'<a href="#rule-{text(rule)}">{code(f"{rule} {found[0].name}")}</a>'


def _number(count: int) -> str:
    return str(count) if count else '<span class="faint">0</span>'
