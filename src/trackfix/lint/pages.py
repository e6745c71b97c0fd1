"""The page of a rule in the manual, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from trackfix.lint.registry import RuleEntry
from trackfix.lint.rule import page
from trackfix.source.patterns import lazy_pattern

HEADINGS = ("What it does", "Why is this bad?", "Before", "After", "Fix safety", "Options")

_SECTION = lazy_pattern(r"^## (.+)$", re.MULTILINE)
_CODEMOD = lazy_pattern(r"`([a-z]+(?:-[a-z]+)+)`")


@dataclass(frozen=True, slots=True)
class RulePage:
    """``text`` is the whole page, ``summary`` its first line without code and name, and ``fix``
    the codemod that mends the findings, empty if none does. ``sets`` are the rule sets it is in."""

    code: str
    name: str
    summary: str
    fix: str
    sets: tuple[str, ...]
    text: str


def read_page(entry: RuleEntry) -> RulePage:
    """The page of a rule, which is imported for it.

    Raises:
        RuleError: it can't be imported.
    """
    text = page(entry.load()).strip()
    summary = text.partition("\n")[0].removeprefix(f"{entry.code} {entry.name}:").strip(" .")
    codemod = _CODEMOD.search(sections(text).get("Fix safety", ""))
    fix = codemod[1] if codemod else ""
    return RulePage(entry.code, entry.name, summary, fix, entry.sets, text)


def sections(text: str) -> dict[str, str]:
    """The text below each heading of a page."""
    parts = _SECTION.split(text)[1:]
    return {heading: body.strip() for heading, body in zip(parts[::2], parts[1::2], strict=True)}
