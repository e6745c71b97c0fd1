"""Names for findings that stay the same while lines above them come and go."""

from __future__ import annotations

import hashlib
from collections import Counter

from trackfix.lint.report_data import LintReport


def fingerprints(report: LintReport) -> list[str]:
    """One for each finding in order, all different.

    It is made of path, code, the text of the line, and the number of the finding among those
    that have all three in common.
    """
    seen: Counter[tuple[str, str, str]] = Counter()
    prints = []
    for finding in report.in_order:
        line = " ".join(report.line_of(finding.path, finding.line).split())
        key = (finding.path, finding.code, line)
        prints.append(digest(*key, str(seen[key])))
        seen[key] += 1
    return prints


def digest(*parts: str) -> str:
    """A hash of texts that nobody has to trust."""
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(data).hexdigest()[:32]
