"""Remembers what a run over a whole project found, for as long as no file of it changes.

Every file of the project counts: one that is no Python may name a shim.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from trackfix.lint.cache_folder import CacheFolder
from trackfix.lint.finding import Finding, Fix, Note, Related
from trackfix.lint.outcome import Outcome
from trackfix.lint.rule_sources import Stamps, are_unchanged
from trackfix.source.discovery import Stamp

_KIND = "lint"


class RunCache:
    """The remembered outcome of one kind of run."""

    def __init__(self, folder: CacheFolder) -> None:
        self._folder = folder

    def load(self, stamps: Mapping[str, Stamp]) -> Outcome | None:
        """What was found when the files were as ``stamps`` tell; None if that is not known, or
        what is there is damaged."""
        try:
            known = self._folder.load(_KIND)
            if known["stamps"] != _digest(stamps) or not are_unchanged(known["rules"]):
                return None
            return Outcome(
                tuple(_finding(value) for value in known["findings"]),
                tuple(_finding(value) for value in known["suppressed"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def save(self, stamps: Mapping[str, Stamp], outcome: Outcome, rules: Stamps) -> None:
        """Remember an outcome of these ``rules``, unless a file was only just written or could not
        be read."""
        if outcome.errors or not self._folder.is_settled(stamp[0] for stamp in stamps.values()):
            return
        from trackfix.project.plain_data import to_plain

        value = {
            "stamps": _digest(stamps),
            "rules": rules,
            "findings": [to_plain(finding) for finding in outcome.findings],
            "suppressed": [to_plain(finding) for finding in outcome.suppressed],
        }
        self._folder.save(_KIND, value)


def _digest(stamps: Mapping[str, Stamp]) -> str:
    lines = (f"{path}\0{stamp}\n" for path, stamp in sorted(stamps.items()))
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def _finding(value: dict[str, Any]) -> Finding:
    fix, related, notes = value.pop("fix"), value.pop("related"), value.pop("notes")
    return Finding(
        **value,
        fix=Fix(**fix) if fix else None,
        related=tuple(Related(**other) for other in related),
        notes=tuple(Note(**note) for note in notes),
    )
