"""The layers of a project: which module stands in which, by the settings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.settings.config import ConfigError
from trackfix.project.settings.setting_values import close_word
from trackfix.project.test_paths import is_test_path

# Layers for code that tracks experiments, by what their modules are called in many projects.
READY_MADE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "tracking": {
        "infrastructure": ("**.setup", "**.hash", "**.hashes", "**.hashing", "**.paths"),
        "domain": ("**.hpo", "**.naming", "**.runs", "**.training"),
        "scripts": ("**.scripts", "**.execution", "**.workflows", "notebooks"),
    }
}


class Layers:
    """The layers that the setting ``layers`` names, from the lowest to the highest. None at all
    without the setting.

    A package covers all that is below it. Where entries of two layers cover a module, the longer
    way down counts, then the one that is written without ``*``.
    """

    def __init__(self, project: Project, resolver: Resolver, ready_made: str = "") -> None:
        """``ready_made`` is a set of layers to go by instead of the setting.

        Raises:
            ConfigError: a package of the setting is not in the project.
        """
        self.project = project
        setting = ready_made or project.config.layers
        table = READY_MADE[setting] if isinstance(setting, str) else setting
        self.names = tuple(table)
        self._exact = {e: i for i, es in enumerate(table.values()) for e in es if "*" not in e}
        self._patterns = [
            (_compiled(entry), number)
            for number, entries in enumerate(table.values())
            for entry in entries
            if "*" in entry
        ]
        self._known: dict[str, tuple[int, str] | None] = {}
        if not isinstance(setting, str):
            for name, entries in table.items():
                for entry in entries:
                    self._check(name, entry)

        self._check_setup_layers()

    def __bool__(self) -> bool:
        return bool(self.names)

    @property
    def setup_names(self) -> tuple[str, ...]:
        """The layers that may configure MLflow."""
        return self.project.config.setup_layers or (self.names[0], self.names[-1])

    def of(self, path: str) -> int | None:
        """The number of the layer that a file stands in, from 0; None for a test, and for a file
        in none."""
        found = self._found(path)
        return found[0] if found is not None else None

    def package_of(self, path: str) -> str:
        """The package by which a file stands in its layer; empty if in none."""
        found = self._found(path)
        return found[1] if found is not None else ""

    def _found(self, path: str) -> tuple[int, str] | None:
        if not self.names or is_test_path(path):
            return None
        if path not in self._known:
            found = (self._of_name(name) for name in self._names_of(path))
            self._known[path] = next((each for each in found if each is not None), None)
        return self._known[path]

    def files(self) -> Iterator[tuple[str, int]]:
        """The files that stand in a layer, with its number."""
        for path in self.project.facts:
            number = self.of(path)
            if number is not None:
                yield path, number

    def _names_of(self, path: str) -> Iterator[str]:
        """The dotted names of a file. A script or a notebook is named by its folders, too."""
        yield from self.project.names_of(path)
        stem = path.rpartition(".")[0].removesuffix("/__init__")
        yield stem.replace(".", "_").replace("/", ".")

    def _of_name(self, name: str) -> tuple[int, str] | None:
        for prefix in _prefixes(name):
            if prefix in self._exact:
                return self._exact[prefix], prefix
            for pattern, number in self._patterns:
                if pattern.fullmatch(prefix):
                    return number, prefix
        return None

    @cached_property
    def _all_names(self) -> frozenset[str]:
        names = (name for path in self.project.facts for name in self._names_of(path))
        return frozenset(prefix for name in names for prefix in _prefixes(name))

    def _check_setup_layers(self) -> None:
        for name in self.project.config.setup_layers:
            if name not in self.names:
                hint = close_word(name, self.names)
                where = "pyproject.toml: [tool.trackfix] setup-layers"
                raise ConfigError(f"{where}: there is no layer '{name}'{hint}")

    def _check(self, layer: str, entry: str) -> None:
        where = f"pyproject.toml: [tool.trackfix] layers '{layer}'"
        if "*" in entry:
            if not any(map(_compiled(entry).fullmatch, self._all_names)):
                raise ConfigError(f"{where}: no module of the project is like '{entry}'")
        elif entry not in self._all_names:
            import difflib

            close = difflib.get_close_matches(entry, sorted(self._all_names), 1)
            hint = f"; did you mean '{close[0]}'?" if close else ""
            raise ConfigError(f"{where}: there is no module '{entry}' in the project{hint}")


def _prefixes(name: str) -> Iterator[str]:
    """A dotted name and the packages that it is in, the longest first."""
    while name:
        yield name
        name = name.rpartition(".")[0]


def _compiled(entry: str) -> re.Pattern[str]:
    """``*`` stands for one part of a name, ``**`` for any number of them, none included."""
    return re.compile("".join(_parts(entry.split("."))))


def _parts(parts: Iterable[str]) -> Iterator[str]:
    before = ""
    for part in parts:
        if part == "**":
            yield rf"(?:{before}[^.]+(?:\.[^.]+)*)?" if before else r"(?:[^.]+\.)*"
            continue
        yield before + (r"[^.]+" if part == "*" else re.escape(part))
        before = r"\."
