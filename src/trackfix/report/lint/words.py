"""How the reports put a fix, the same in all of them."""

from __future__ import annotations

from trackfix.lint.finding import Finding, Fix


def mark(finding: Finding) -> str:
    """What shows beside the code that ``--fix`` mends a finding."""
    return " [*]" if finding.fix is not None and finding.fix.safety == "safe" else ""


def describe_fix(fix: Fix) -> str:
    """What a fix would do, and what to say to have it."""
    how = "safe" if fix.safety == "safe" else "unsafe, with --unsafe-fixes"
    return f"{fix.message} ({fix.codemod}, {how})"
