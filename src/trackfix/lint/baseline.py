"""Findings that were there before, so that only new ones count.

A baseline is a JSON file. Per file it counts findings under fingerprints made of the rule's code
and the text of the line, so that it holds while lines move within their file:

    {"version": 1, "findings": {"src/a.py": {"TRK201:0123456789abcdef": 2}}}
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trackfix.lint.finding import Finding
from trackfix.source.whole_files import write_whole

VERSION = 1

LineOf = Callable[[str, int], str]
Counts = Mapping[str, Mapping[str, int]]


class BaselineError(Exception):
    """A baseline that can't be used; the message is one line: path, what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many findings with which fingerprint each file has: path -> fingerprint -> count."""

    counts: Counts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Split:
    """The findings that a baseline does not hold, those that it does, and what it holds of
    findings that are gone."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: Baseline


def fingerprint(finding: Finding, line_of: LineOf) -> str:
    """What a finding is known by within its file; changes of white space do not matter."""
    line = " ".join(line_of(finding.path, finding.line).split())
    digest = hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{finding.code}:{digest[:16]}"


def load_baseline(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        BaselineError: the file is missing, unreadable, or no baseline of this version.
    """
    try:
        value = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise BaselineError(f"{path}: does not exist; make it with --update-baseline") from None
    except OSError as error:
        raise BaselineError(f"{path}: can't be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise BaselineError(f"{path}: is not JSON; make it anew with --update-baseline") from None
    version = value.get("version") if isinstance(value, dict) else None
    if version != VERSION and isinstance(version, int):
        raise BaselineError(f"{path}: has version {version}, which this trackfix can't read")
    if version != VERSION or not _are_counts(value.get("findings")):
        raise BaselineError(f"{path}: is no baseline; make one with --update-baseline")
    return Baseline(value["findings"])


def _are_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(counts, dict)
        and all(type(count) is int and count > 0 for count in counts.values())
        for counts in value.values()
    )


def split(
    findings: Iterable[Finding],
    baseline: Baseline,
    line_of: LineOf,
    path_of: Callable[[str], str] = str,
) -> Split:
    """Tell new findings from those that the baseline holds, where it has a path by ``path_of``.

    Of several with the same fingerprint the first ones are known, as many as it counts.
    """
    left = {path: Counter(counts) for path, counts in baseline.counts.items()}
    new, known = [], []
    for finding in sorted(findings, key=lambda found: found.place):
        counts = left.get(path_of(finding.path))
        key = fingerprint(finding, line_of) if counts else ""
        if counts and counts[key] > 0:
            counts[key] -= 1
            known.append(finding)
        else:
            new.append(finding)
    gone = {path: +counts for path, counts in left.items() if +counts}
    return Split(tuple(new), tuple(known), Baseline(gone))


def make_baseline(
    findings: Iterable[Finding],
    line_of: LineOf,
    *,
    before: Baseline | None = None,
    checked: Collection[str] = (),
    path_of: Callable[[str], str] = str,
) -> Baseline:
    """The baseline that holds ``findings``, and what ``before`` holds of files that were not
    among the ``checked``; it has a path by ``path_of``."""
    counts: dict[str, Counter[str]] = {}
    for finding in findings:
        path = path_of(finding.path)
        counts.setdefault(path, Counter())[fingerprint(finding, line_of)] += 1
    old = before.counts if before is not None else {}
    gone = set(map(path_of, checked))
    kept = {path: found for path, found in old.items() if path not in gone}
    return Baseline({**kept, **counts})


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a baseline, whole or not at all; the same findings always give the same bytes.

    Raises:
        BaselineError: the file can't be written.
    """
    value = {
        "version": VERSION,
        "findings": {
            name: dict(sorted(baseline.counts[name].items())) for name in sorted(baseline.counts)
        },
    }
    # In ASCII, since the name of a file may hold bytes that are no text.
    data = (json.dumps(value, indent=2) + "\n").encode("ascii")
    try:
        write_whole(path, data)
    except OSError as error:
        raise BaselineError(f"{path}: can't be written: {error.strerror or error}") from None
