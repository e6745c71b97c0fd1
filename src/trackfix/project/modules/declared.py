"""The source roots that the settings of build tools and pytest declare."""

from __future__ import annotations

import ast
import contextlib
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from trackfix.project.facts.expressions import call_name, string_value
from trackfix.project.settings.config import ConfigError, read_toml
from trackfix.source.errors import TOO_DEEP
from trackfix.source.toml_text import table_at

_PYTEST_SECTIONS = (("setup.cfg", "tool:pytest"), ("pytest.ini", "pytest"), ("tox.ini", "pytest"))


def declared_roots(folder: Path) -> Iterator[str]:
    """The folders, relative to ``folder``, that its project files name as source roots."""
    # A broken file is the business of the tool that it configures.
    with contextlib.suppress(ConfigError):
        yield from _from_pyproject(read_toml(folder / "pyproject.toml"))
    yield from _from_ini(folder)
    yield from _from_setup_py(folder / "setup.py")


def _from_pyproject(table: Mapping[str, Any]) -> Iterator[str]:
    tool = table_at(table, "tool")
    pytest = table_at(tool, "pytest", "ini_options") or table_at(tool, "pytest")
    yield from _strings(pytest.get("pythonpath"))
    setuptools = table_at(tool, "setuptools")
    yield from _package_dirs(table_at(setuptools, "package-dir"))
    yield from _strings(table_at(setuptools, "packages", "find").get("where"))
    entries = table_at(tool, "poetry").get("packages")
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict):
            yield from _strings(entry.get("from"))
    hatch = table_at(tool, "hatch", "build")
    yield from _strings(hatch.get("dev-mode-dirs"))
    for name in _strings(table_at(hatch, "targets", "wheel").get("packages")):
        yield str(PurePosixPath(name).parent)
    yield from _strings(table_at(tool, "pdm", "build").get("package-dir"))
    yield from _strings(table_at(tool, "uv", "build-backend").get("module-root"))
    yield from _strings(table_at(tool, "maturin").get("python-source"))
    yield from _strings(table_at(tool, "ruff").get("src"))


def _strings(value: object) -> list[str]:
    values = value.split() if isinstance(value, str) else value
    return [item for item in values if isinstance(item, str)] if isinstance(values, list) else []


def _package_dirs(table: Mapping[str, Any]) -> Iterator[str]:
    """``{"": "src"}``, or ``{"pkg": "lib/pkg"}`` where the folder has the package's name."""
    for package, where in table.items():
        if not isinstance(where, str):
            continue
        tail = package.replace(".", "/")
        folder = PurePosixPath(where).as_posix()
        if not package:
            yield folder
        elif folder == tail or folder.endswith(f"/{tail}"):
            yield folder.removesuffix(tail).rstrip("/") or "."


def _from_ini(folder: Path) -> Iterator[str]:
    import configparser

    for name, section in _PYTEST_SECTIONS:
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(folder / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        try:
            yield from shlex.split(parser.get(section, "pythonpath", fallback=""))
        except ValueError:
            continue
        if name == "setup.cfg":
            lines = parser.get("options", "package_dir", fallback="").splitlines()
            pairs = (line.partition("=") for line in lines if "=" in line)
            yield from _package_dirs({key.strip(): value.strip() for key, _, value in pairs})
            yield from parser.get("options.packages.find", "where", fallback="").split()


def _from_setup_py(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, *TOO_DEEP):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "package_dir":
            if isinstance(node.value, ast.Dict):
                pairs = zip(node.value.keys, node.value.values, strict=True)
                named = ((string_value(key), string_value(item)) for key, item in pairs)
                yield from _package_dirs({k: v for k, v in named if k is not None})
        elif isinstance(node, ast.Call) and (call_name(node) or "").rpartition(".")[2] in (
            "find_packages",
            "find_namespace_packages",
        ):
            wheres = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "where")]
            yield from (where for node in wheres if (where := string_value(node)))
