"""Which rules run on which file, by the command line and the settings nearest to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from trackfix.lint.registry import RuleEntry, available_rules
from trackfix.project.settings.config import Config, ConfigError
from trackfix.source.patterns import lazy_pattern

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from trackfix.project.project import Project

_EVERY = "ALL"
_PREFIX = lazy_pattern(r"[A-Z]+[0-9]*")
SYNTAX_ERROR = "TRK000"
_EXACT = 1000


class RuleOptions(NamedTuple):
    """What the command line says of rules. A ``select`` of None was not given, nor an empty
    ``rule_set``, which starts anew: what the settings select does not count beside it."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rule_set: str = ""


def split_selectors(values: Iterable[str]) -> tuple[str, ...]:
    """The selectors in the values of a repeated option, each with commas between them."""
    return tuple(part for value in values for part in re.split(r"[,\s]+", value) if part)


class _Layer(NamedTuple):
    """What one source says of rules; ``where`` names its three settings in messages."""

    options: RuleOptions
    where: tuple[str, ...]

    def applied_to(self, codes: frozenset[str], rules: Sequence[RuleEntry]) -> frozenset[str]:
        """The rules that are on after this layer; ``codes`` are on before it.

        Of two selectors that mean the same rule the more specific one counts; of two equal ones
        that which ignores.
        """
        listed = (self.options.select or (), self.options.extend_select, self.options.ignore)
        steps = [
            (_specificity(selector, rules), ignores, _meant(selector, rules, where))
            for selectors, where, ignores in zip(
                listed, self.where, (False, False, True), strict=True
            )
            for selector in selectors
        ]
        # That a file could not be read has to be said, whatever else was asked for.
        on = set(codes if self.options.select is None else codes & {SYNTAX_ERROR})
        for _, ignores, meant in sorted(steps, key=lambda step: step[:2]):
            on = on - meant if ignores else on | meant
        return frozenset(on)


@dataclass(frozen=True)
class LintSettings:
    """The settings of the files below ``folder``: the rules that are on, and where they are not.
    ``ignores`` maps patterns of paths to codes; nothing runs on what is ``excluded``."""

    folder: str
    enabled: frozenset[str]
    ignores: Mapping[str, frozenset[str]]
    excluded: tuple[str, ...]

    def rules_for(self, path: str) -> frozenset[str]:
        """The codes of the rules that run on a file, by its path in the project.

        Raises:
            ConfigError: a pattern of the settings can't be read.
        """
        if not (self.ignores or self.excluded):
            return self.enabled
        own = path[len(self.folder) + 1 :] if self.folder else path
        if self._exclusion.match_file(own):
            return frozenset()
        codes = self.enabled
        for spec, inverted, ignored in self._patterns:
            if spec.match_file(own) is not inverted:
                codes -= ignored
        return codes

    @cached_property
    def _exclusion(self) -> GitIgnoreSpec:
        return _spec(*self.excluded)

    @cached_property
    def _patterns(self) -> list[tuple[GitIgnoreSpec, bool, frozenset[str]]]:
        return [
            (_spec(pattern.removeprefix("!")), pattern.startswith("!"), codes)
            for pattern, codes in self.ignores.items()
        ]


def _spec(*patterns: str) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except (ValueError, re.error) as error:
        raise ConfigError(f"pyproject.toml: [tool.trackfix] has a bad pattern: {error}") from None


class Selection:
    """The rules that run on each file of a project.

    Settings in a ``[tool.trackfix]`` table count for all files below its ``pyproject.toml``, but
    for those below a nearer one; then comes what the command line says.
    """

    def __init__(
        self,
        project: Project,
        options: RuleOptions | None = None,
        rules: Sequence[RuleEntry] | None = None,
    ) -> None:
        """Read the settings; ``rules`` are all that are installed.

        Raises:
            ConfigError: a setting or an option that can't be used.
            RuleError: the installed rules can't be used.
        """
        self.rules = tuple(available_rules() if rules is None else rules)
        self.root = self._settings("", project.config, options or RuleOptions())
        self._nested = {
            folder: self._settings(folder, config, options or RuleOptions())
            for folder, config in project.nested_configs.items()
        }

    @property
    def enabled(self) -> frozenset[str]:
        """The codes of all rules that may run on some file."""
        return self.root.enabled.union(*(s.enabled for s in self._nested.values()))

    def enabled_rules(self) -> tuple[RuleEntry, ...]:
        """The entries of these rules."""
        codes = self.enabled
        return tuple(rule for rule in self.rules if rule.code in codes)

    def settings_for(self, path: str) -> LintSettings:
        """The settings nearest to a file."""
        if not self._nested:
            return self.root
        folder = path.rpartition("/")[0]
        while folder and folder not in self._nested:
            folder = folder.rpartition("/")[0]
        return self._nested.get(folder, self.root)

    def rules_for(self, path: str) -> frozenset[str]:
        """The codes of the rules that run on a file.

        Raises:
            ConfigError: a pattern of the settings can't be read.
        """
        return self.settings_for(path).rules_for(path)

    def _settings(self, folder: str, config: Config, options: RuleOptions) -> LintSettings:
        names = ("select", "extend-select", "ignore")
        select = None if options.rule_set else config.select
        own = RuleOptions(select, config.extend_select, config.ignore)
        layers = (
            _Layer(own, tuple(_setting(folder, name) for name in names)),
            _Layer(options, tuple(f"--{name}" for name in names)),
        )
        rule_set = options.rule_set or config.rule_set
        codes = frozenset(rule.code for rule in self.rules if rule_set in rule.sets)
        for layer in layers:
            codes = layer.applied_to(codes, self.rules)
        where = _setting(folder, "per-file-ignores")
        ignores = {
            pattern: frozenset().union(*(_meant(s, self.rules, where) for s in selectors))
            for pattern, selectors in config.per_file_ignores.items()
        }
        # The listing of the project has done without what the root's own setting excludes.
        return LintSettings(folder, codes, ignores, config.exclude if folder else ())


def _setting(folder: str, key: str) -> str:
    path = f"{folder}/pyproject.toml" if folder else "pyproject.toml"
    return f"{key} of [tool.trackfix] in {path}"


def _specificity(selector: str, rules: Sequence[RuleEntry]) -> int:
    """How much a selector says: names and codes, then prefixes by length, then all."""
    if any(selector in (rule.code, rule.name) for rule in rules):
        return _EXACT
    return 0 if selector == _EVERY else len(selector)


def _meant(selector: str, rules: Sequence[RuleEntry], where: str) -> frozenset[str]:
    """The codes of the rules that a selector means.

    Raises:
        ConfigError: it means none.
    """
    is_prefix = _PREFIX.fullmatch(selector) is not None
    codes = frozenset(
        rule.code
        for rule in rules
        if selector in (_EVERY, rule.name) or (is_prefix and rule.code.startswith(selector))
    )
    if not codes:
        raise ConfigError(f"unknown rule '{selector}' in {where}{suggestion(selector, rules)}")
    return codes


def find_rule(query: str, rules: Sequence[RuleEntry]) -> RuleEntry | None:
    """The rule with this code or name, however it is capitalised."""
    wanted = query.lower()
    return next((rule for rule in rules if wanted in (rule.code.lower(), rule.name)), None)


def suggestion(query: str, rules: Sequence[RuleEntry]) -> str:
    """The end of a message about an unknown rule: which one may have been meant."""
    known = {spelled.lower(): spelled for rule in rules for spelled in (rule.code, rule.name)}
    import difflib

    close = difflib.get_close_matches(query.lower(), known, 1)
    hint = f"did you mean '{known[close[0]]}'?" if close else "'trackfix rules' lists them"
    return f"; {hint}"
