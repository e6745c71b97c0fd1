"""Which rules there are; none of them is imported before it is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from trackfix.lint.rule import Rule
from trackfix.source.entry_points import AnnouncedObject, find_entry_points
from trackfix.source.errors import in_one_line
from trackfix.source.patterns import lazy_pattern

_GROUP = "trackfix.rules"
_OWN = "trackfix"
_NAME = lazy_pattern(
    r"(?P<code>[A-Z]{2,}[0-9]{3,}) (?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?P<off> off)?"
)
# What has moved, and is still called where it was.
_MIGRATION = ("TRK000", "TRK1", "TRK7")
# Their findings are made by the runner: there is no file with facts to look at.
_BUILT_IN = (
    AnnouncedObject("TRK000 syntax-error", "trackfix.lint.builtin.syntax_error:RULE", _OWN),
    AnnouncedObject("TRK001 unused-ignore", "trackfix.lint.builtin.unused_ignore:RULE", _OWN),
)


class RuleError(Exception):
    """An installed rule that can't be used; the message is one line and says whose it is."""


class RuleEntry(NamedTuple):
    """A rule as its entry point announces it. One that is not on by ``default``, and so only in the
    set ``strict``, has the word ``off`` behind its name there. ``is_built_in`` rules are those
    whose findings the runner makes."""

    code: str
    name: str
    default: bool
    is_built_in: bool
    source: AnnouncedObject

    @property
    def sets(self) -> tuple[str, ...]:
        """The rule sets that it is in."""
        recommended = ("recommended",) if self.default else ()
        migration = ("migration",) if self.code.startswith(_MIGRATION) else ()
        return (*recommended, "strict", *migration)

    @property
    def is_own(self) -> bool:
        """Whether it comes with trackfix."""
        return self.source.dist == _OWN

    @property
    def described(self) -> str:
        """What it is called, and whose it is."""
        return _described(self.source)

    def load(self) -> Rule:
        """Import the rule.

        Raises:
            RuleError: it can't be imported, or is another rule than announced.
        """
        try:
            found = self.source.load()
        except Exception as error:
            told = f"{self.described} can't be loaded: {in_one_line(error)}"
            raise RuleError(told) from None
        own = [getattr(found, name, None) for name in ("code", "name")]
        if own != [self.code, self.name]:
            raise RuleError(f"{self.described} calls itself {own[0]} {own[1]}")
        rule: Rule = found
        return rule


@cache
def available_rules() -> tuple[RuleEntry, ...]:
    """All rules that are installed, by code.

    Raises:
        RuleError: a rule is announced wrongly, or two have a code or a name in common.
    """
    return _entries(find_entry_points(_GROUP))


def _entries(installed: Iterable[AnnouncedObject]) -> tuple[RuleEntry, ...]:
    known: dict[str, RuleEntry] = {}
    for source in (*_BUILT_IN, *installed):
        match = _NAME.fullmatch(source.name)
        if match is None:
            raise RuleError(
                f"{_described(source)} must be announced with a code and a name, such as "
                "'ABC101 some-rule', and ' off' behind them if it is off by default"
            )
        entry = RuleEntry(
            match["code"], match["name"], not match["off"], source in _BUILT_IN, source
        )
        for key in (entry.code, entry.name):
            other = known.setdefault(key, entry)
            if other is not entry:
                raise RuleError(f"{_described(other.source)} and {_described(source)} share {key}")
    return tuple(sorted(set(known.values()), key=lambda entry: entry.code))


def _described(source: AnnouncedObject) -> str:
    return f"rule '{source.name}' ({source.value}) of {source.dist}"
