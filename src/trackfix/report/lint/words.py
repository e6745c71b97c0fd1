"""How the reports put things, the same in all of them."""

from __future__ import annotations

from trackfix.lint.finding import Finding, Fix


def many(count: int, noun: str) -> str:
    """A count and a noun: ``1 file``, ``2 files``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def mark(finding: Finding) -> str:
    """What shows beside the code that ``--fix`` mends a finding."""
    return " [*]" if finding.fix is not None and finding.fix.safety == "safe" else ""


def describe_fix(fix: Fix) -> str:
    """What a fix would do, and what to say to have it."""
    how = "safe" if fix.safety == "safe" else "unsafe, with --unsafe-fixes"
    return f"{fix.message} ({fix.codemod}, {how})"


def printable(text: str) -> str:
    """The text in one line, without what would make a terminal do more than show it."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
