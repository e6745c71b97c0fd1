"""Source roots: the folders from which a project's modules are imported."""

from __future__ import annotations

import ast
import configparser
import shlex
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from trackfix.project.config import Config, ConfigError, read_toml
from trackfix.project.expressions import call_name, string_value

_PROJECT_FILES = ("pyproject.toml", "setup.cfg", "setup.py", "pytest.ini", "tox.ini")


def module_name(path: str, root: str) -> str | None:
    """The dotted name of the file ``path`` seen from ``root``; None when it has none there."""
    if root and not path.startswith(root + "/"):
        return None
    parts = list(PurePosixPath(path[len(root) + 1 :] if root else path).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    if not parts or not all(part.isidentifier() for part in parts):
        return None
    return ".".join(parts)


def find_roots(root: Path, files: Iterable[str], config: Config) -> tuple[str, ...]:
    """The source roots below ``root``, most specific first; ``""`` is ``root`` itself.

    ``[tool.trackfix] src`` overrules what is found: package folders that the build tools'
    settings name, pytest's ``pythonpath``, and ``src`` folders that are no packages.

    Raises:
        ConfigError: a root named in the settings is no folder of the project.
    """
    if config.src:
        for name in config.src:
            if not (root / name).is_dir():
                raise ConfigError(f"pyproject.toml: [tool.trackfix] src: no folder '{name}'")
        found = {_normal(name) for name in config.src}
        return tuple(sorted(found, key=lambda name: (-name.count("/") - bool(name), name)))
    paths = list(files)
    folders = {"": None} | {
        _normal(str(parent)): None for path in paths for parent in PurePosixPath(path).parents
    }
    packages = {str(PurePosixPath(path).parent) for path in paths if path.endswith("__init__.py")}
    found = {""}
    for folder in folders:
        if any((root / folder / name).is_file() for name in _PROJECT_FILES):
            found.add(folder)
            for declared in _declared(root / folder):
                candidate = _normal(f"{folder}/{declared}" if folder else declared)
                if candidate in folders:
                    found.add(candidate)
        if folder.rpartition("/")[2] == "src" and folder not in packages:
            found.add(folder)
    found = {name for name in found if name not in packages}
    return tuple(sorted(found | {""}, key=lambda name: (-name.count("/") - bool(name), name)))


def local_root(path: str, packages: frozenset[str]) -> str:
    """The folder that Python or pytest puts on the path to run ``path``: the first one above
    it that is no package."""
    folder = str(PurePosixPath(path).parent)
    while folder in packages and folder != ".":
        folder = str(PurePosixPath(folder).parent)
    return "" if folder == "." else folder


def _normal(folder: str) -> str:
    text = str(PurePosixPath(folder or "."))
    return "" if text == "." else text


def _declared(folder: Path) -> Iterator[str]:
    try:
        yield from _from_pyproject(read_toml(folder / "pyproject.toml"))
    except ConfigError:
        pass
    yield from _from_ini(folder)
    yield from _from_setup_py(folder / "setup.py")


def _from_pyproject(table: Mapping[str, Any]) -> Iterator[str]:
    tool = table.get("tool", {})
    pytest = tool.get("pytest", {})
    options = pytest.get("ini_options", pytest) if isinstance(pytest, dict) else {}
    yield from _strings(options.get("pythonpath", []))
    setuptools = tool.get("setuptools", {})
    package_dir = setuptools.get("package-dir", {})
    if isinstance(package_dir, dict) and "" in package_dir:
        yield from _strings(package_dir[""])
    packages = setuptools.get("packages", {})
    if isinstance(packages, dict):
        yield from _strings(packages.get("find", {}).get("where", []))
    for entry in tool.get("poetry", {}).get("packages", []):
        if isinstance(entry, dict) and "from" in entry:
            yield from _strings(entry["from"])
    hatch = tool.get("hatch", {}).get("build", {})
    yield from _strings(hatch.get("dev-mode-dirs", []))
    wheel = hatch.get("targets", {}).get("wheel", {})
    for name in _strings(wheel.get("packages", [])):
        yield str(PurePosixPath(name).parent)
    yield from _strings(tool.get("pdm", {}).get("build", {}).get("package-dir", []))
    yield from _strings(tool.get("ruff", {}).get("src", []))


def _strings(value: object) -> list[str]:
    values = value.split() if isinstance(value, str) else value
    return [item for item in values if isinstance(item, str)] if isinstance(values, list) else []


def _from_ini(folder: Path) -> Iterator[str]:
    for name, section in (("setup.cfg", "tool:pytest"), ("pytest.ini", "pytest"),
                          ("tox.ini", "pytest")):
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read(folder / name, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        yield from shlex.split(parser.get(section, "pythonpath", fallback=""))
        if name == "setup.cfg":
            for line in parser.get("options", "package_dir", fallback="").splitlines():
                package, _, where = line.partition("=")
                if where and not package.strip():
                    yield where.strip()
            yield from parser.get("options.packages.find", "where", fallback="").split()


def _from_setup_py(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "package_dir":
            value = node.value
            if isinstance(value, ast.Dict):
                for key, item in zip(value.keys, value.values, strict=True):
                    if string_value(key) == "":
                        yield string_value(item) or "."
        elif (call_name(node) or "").rpartition(".")[2] in (
            "find_packages", "find_namespace_packages"
        ) and isinstance(node, ast.Call):
            wheres = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "where")]
            yield from (string_value(where) or "." for where in wheres)
