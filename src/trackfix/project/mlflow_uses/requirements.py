"""Which releases of MLflow the requirements of a project allow."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.settings.config import ConfigError
from trackfix.source.errors import TOO_DEEP, SourceError
from trackfix.source.patterns import lazy_pattern
from trackfix.source.toml_text import parse_toml, table_at

# Major and minor number.
Release = tuple[int, int]

# https://pypi.org/project/mlflow/#history
RELEASES: tuple[Release, ...] = tuple(
    (major, minor) for major, last in ((1, 30), (2, 22), (3, 18)) for minor in range(last + 1)
)
# More than any minor release has had; which of them exist makes no difference.
_PATCHES = range(10)
_PACKAGES = frozenset({"mlflow", "mlflow-skinny", "mlflow-tracing"})
_LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
_LOCKED = lazy_pattern(r'^name = "mlflow(?:-skinny)?"\r?\nversion = "([^"]+)"', re.MULTILINE)
_CONDA = lazy_pattern(
    r"^\s*-\s+(?:[\w./-]+::)?[\"']?(mlflow(?:-skinny)?)\b([^#\"'\n]*)", re.MULTILINE
)
_REQUIREMENTS = lazy_pattern(
    r"requirements[^/]*\.(?:txt|in)$|(?:^|/)requirements/[^/]+\.(?:txt|in)$"
)
_ENVIRONMENT = lazy_pattern(r"(?:^|/)[^/]*(?:environment|conda|env)[^/]*\.ya?ml$")


class AllowedReleases(NamedTuple):
    """The lowest and the highest known release of MLflow that may be installed. ``source`` names
    what allows the lowest; without one it is assumed to be the newest."""

    lowest: Release
    highest: Release
    source: str = ""


NEWEST = AllowedReleases(RELEASES[-1], RELEASES[-1])


class MlflowRequirements:
    """What the files of a project, or its setting ``target-mlflow``, require of MLflow.

    What a folder's files say holds for all that is below it, unless a folder on the way says
    something itself. Of several requirements the widest range counts.
    """

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project

    def releases(self, path: str) -> AllowedReleases:
        """What may be installed where a file of the project runs."""
        target = self.project.config.target_mlflow
        if target:
            return _allowed([(target, "target-mlflow")])
        for folder in PurePosixPath(path).parents:
            found = self._folders.get(str(folder))
            if found is not None:
                return found
        return NEWEST

    def files(self, path: str) -> list[str]:
        """The files that require MLflow where a file of the project runs, without those that a tool
        writes."""
        for folder in PurePosixPath(path).parents:
            found = {source: None for _, source in self._required.get(str(folder), ())}
            by_hand = [source for source in found if not _is_written_by_a_tool(source, found)]
            if by_hand:
                return by_hand
        return []

    @cached_property
    def _folders(self) -> dict[str, AllowedReleases]:
        limited = {
            folder: [(specifier, source) for specifier, source in found if specifier]
            for folder, found in self._required.items()
        }
        return {folder: _allowed(found) for folder, found in limited.items() if found}

    @cached_property
    def _required(self) -> dict[str, list[tuple[str, str]]]:
        """What the files of each folder require, and which of them does."""
        required: dict[str, list[tuple[str, str]]] = {}
        listing = self.project.listing
        files = [*listing.text, *(p for p in listing.python if p.endswith("setup.py"))]
        for path in files:
            folder = PurePosixPath(path).parent
            if folder.name == "requirements":
                folder = folder.parent
            for specifier in self._specifiers(path):
                required.setdefault(str(folder), []).append((specifier, path))
        return required

    def _specifiers(self, path: str) -> Iterator[str]:
        """What one file requires of MLflow; empty for any release."""
        name = path.rpartition("/")[2]
        readers = {
            "setup.cfg": _in_setup_cfg,
            "setup.py": _in_setup_py,
            "pyproject.toml": _in_pyproject,
            "pixi.toml": _in_pixi_toml,
            "Pipfile": _in_pipfile,
            "Pipfile.lock": _in_pipfile_lock,
        }
        if name in readers:
            read = readers[name]
        elif name in _LOCKS:
            read = _in_lock
        elif _REQUIREMENTS.search(path):
            read = _in_requirements
        elif _ENVIRONMENT.search(path):
            read = _in_environment
        else:
            return
        try:
            text = self.project.read(path).decode("utf-8", "replace")
        except SourceError:
            return
        if "mlflow" in text.lower():
            # A broken file is the business of the tool that it belongs to.
            with suppress(ValueError, ConfigError, RecursionError):
                yield from read(text)


def _is_written_by_a_tool(path: str, others: Collection[str]) -> bool:
    """Whether a file is a lock, or what pip-compile makes of one that stands beside it."""
    name = path.rpartition("/")[2]
    return name in (*_LOCKS, "Pipfile.lock") or f"{path.removesuffix('.txt')}.in" in others


def _allowed(required: Iterable[tuple[str, str]]) -> AllowedReleases:
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    allowed: dict[Release, str] = {}
    for text, source in required:
        specifiers = SpecifierSet(text)
        found = {
            (major, minor)
            for major, minor in RELEASES
            if any(specifiers.contains(Version(f"{major}.{minor}.{n}")) for n in _PATCHES)
        }
        named = (Version(part.version.removesuffix(".*")).release[:2] for part in specifiers)
        is_newer = max(named) > RELEASES[-1]
        for release in found or {RELEASES[-1] if is_newer else RELEASES[0]}:
            allowed.setdefault(release, f"{source}: {text}")
    lowest = min(allowed)
    return AllowedReleases(lowest, max(allowed), allowed[lowest])


def _of_requirements(lines: Iterable[str]) -> Iterator[str]:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name

    for line in lines:
        if "mlflow" not in line.lower():
            continue
        with suppress(InvalidRequirement):
            found = Requirement(line)
            if canonicalize_name(found.name) in _PACKAGES:
                yield str(found.specifier)


def _of_version(package: str, version: str) -> Iterator[str]:
    """A version as Poetry and Pipenv write it: ``^2.9``, ``~2.9``, ``==2.9``, ``2.9``, ``*``.

    https://python-poetry.org/docs/dependency-specification/
    """
    if package.lower() not in _PACKAGES:
        return
    parts = []
    for part in version.replace(" ", "").split(","):
        numbers = re.fullmatch(r"([~^])(\d+)(?:\.(\d+))?(.*)", part)
        if part[:1].isdigit():
            parts.append(f"=={part}")
        elif numbers is None or part.startswith("~="):
            parts.append("" if part == "*" else part)
        else:
            sign, major, minor, _ = numbers.groups()
            is_major = sign == "^" or minor is None
            above = f"{int(major) + 1}" if is_major else f"{major}.{int(minor) + 1}"
            parts.append(f">={part[1:]},<{above}")
    yield from _checked(",".join(filter(None, parts)))


def _checked(specifier: str) -> Iterator[str]:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    with suppress(InvalidSpecifier):
        yield str(SpecifierSet(specifier))


def _in_pyproject(text: str) -> Iterator[str]:
    table = parse_toml(text)
    project = table_at(table, "project")
    yield from _of_requirements(_strings(project.get("dependencies")))
    for group in table_at(project, "optional-dependencies").values():
        yield from _of_requirements(_strings(group))
    for group in table_at(table, "dependency-groups").values():
        yield from _of_requirements(_strings(group))
    for group in table_at(table, "tool", "pdm", "dev-dependencies").values():
        yield from _of_requirements(_strings(group))
    yield from _of_requirements(_strings(table_at(table, "tool", "uv").get("dev-dependencies")))
    for environment in table_at(table, "tool", "hatch", "envs").values():
        for name in ("dependencies", "extra-dependencies"):
            yield from _of_requirements(_strings(table_at(environment).get(name)))
    yield from _in_pixi(table_at(table, "tool", "pixi"))
    poetry = table_at(table, "tool", "poetry")
    tables = [table_at(poetry, "dependencies"), table_at(poetry, "dev-dependencies")]
    tables += [
        table_at(poetry, "group", name, "dependencies") for name in table_at(poetry, "group")
    ]
    for found in tables:
        yield from _in_table(found)


def _in_pixi(workspace: Mapping[str, Any]) -> Iterator[str]:
    """What the default environment and the features of a Pixi workspace require.

    https://pixi.sh/latest/reference/pixi_manifest/
    """
    for part in (workspace, *table_at(workspace, "feature").values()):
        for name in ("dependencies", "pypi-dependencies"):
            yield from _in_table(table_at(part, name))


def _in_pixi_toml(text: str) -> Iterator[str]:
    yield from _in_pixi(parse_toml(text))


def _in_pipfile(text: str) -> Iterator[str]:
    table = parse_toml(text)
    for name in ("packages", "dev-packages"):
        yield from _in_table(table_at(table, name))


def _in_table(table: Mapping[str, Any]) -> Iterator[str]:
    for name, value in table.items():
        # Poetry takes a list, too: one entry for each Python or system.
        for entry in value if isinstance(value, list) else [value]:
            version = entry.get("version") if isinstance(entry, dict) else entry
            if isinstance(version, str):
                yield from _of_version(name, version)


def _in_pipfile_lock(text: str) -> Iterator[str]:
    table = json.loads(text)
    for name in ("default", "develop"):
        yield from _in_table(table_at(table, name))


def _in_lock(text: str) -> Iterator[str]:
    for version in _LOCKED.findall(text):
        yield from _checked(f"=={version}")


def _in_setup_cfg(text: str) -> Iterator[str]:
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    yield from _of_requirements(parser.get("options", "install_requires", fallback="").splitlines())
    if parser.has_section("options.extras_require"):
        for _, value in parser.items("options.extras_require"):
            yield from _of_requirements(value.splitlines())


def _in_setup_py(text: str) -> Iterator[str]:
    with suppress(SyntaxError, ValueError, *TOO_DEEP):
        strings = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        yield from _of_requirements(s.value for s in strings if isinstance(s.value, str))


def _in_requirements(text: str) -> Iterator[str]:
    lines = (
        line.partition(" #")[0].partition(" --")[0].strip(" \t\\") for line in text.split("\n")
    )
    yield from _of_requirements(line for line in lines if not line.startswith(("#", "-")))


def _in_environment(text: str) -> Iterator[str]:
    for name, rest in _CONDA.findall(text):
        version = re.sub(r"^\s*\[[^]]*\]", "", rest).strip()
        single = re.fullmatch(r"=?\s*(\d[\w.]*)(?:=\S*)?", version)
        if single:
            version = f"=={single[1].rstrip('.')}.*"
        if not version or version[0] in "=<>!~":
            yield from _of_version(name, version) if version else iter([""])


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
