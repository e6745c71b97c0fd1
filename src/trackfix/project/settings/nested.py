"""The settings of folders of a project that have some of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from trackfix.project.settings.config import Config, ConfigError, load_config
from trackfix.source.errors import SourceError


def nested_configs(
    root: Path, paths: Iterable[str], read: Callable[[str], bytes]
) -> dict[str, Config]:
    """The settings by the folder that they stand in; ``paths`` are those of text files below
    ``root``.

    Raises:
        ConfigError: settings that can't be used.
    """
    found = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name == "pyproject.toml" and folder and _has_settings(path, read):
            try:
                found[folder] = load_config(root / folder)
            except ConfigError as error:
                raise ConfigError(f"{folder}/{error}") from None
    return found


def _has_settings(path: str, read: Callable[[str], bytes]) -> bool:
    try:
        return b"tool.trackfix" in read(path)
    except SourceError:
        return False
