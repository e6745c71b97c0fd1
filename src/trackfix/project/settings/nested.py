"""The settings of folders of a project that have some of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from trackfix.project.settings.config import Config, ConfigError, load_config
from trackfix.source.errors import SourceError


def nested_configs(
    config: Config, root: Path, paths: Iterable[str], read: Callable[[str], bytes]
) -> dict[str, Config]:
    """The settings by the folder that they stand in; ``paths`` are those of text files below
    ``root``, which has ``config``. What the settings around keep or call a shim goes on being that:
    they name modules, wherever these lie.

    Raises:
        ConfigError: settings that can't be used.
    """
    found: dict[str, Config] = {}
    for path in sorted(paths, key=len):
        folder, _, name = path.rpartition("/")
        if name == "pyproject.toml" and folder and _has_settings(path, read):
            try:
                own = load_config(root / folder)
            except ConfigError as error:
                raise ConfigError(f"{folder}/{error}") from None
            around = nearest(found, folder, config)
            keep, shims = (*own.keep, *around.keep), (*own.shims, *around.shims)
            found[folder] = own._replace(keep=keep, shims=shims)
    return found


def nearest(configs: Mapping[str, Config], path: str, default: Config) -> Config:
    """The settings of the folder nearest to a path that has some."""
    folder = path
    while configs and (folder := folder.rpartition("/")[0]):
        if folder in configs:
            return configs[folder]
    return default


def _has_settings(path: str, read: Callable[[str], bytes]) -> bool:
    try:
        return b"tool.trackfix" in read(path)
    except SourceError:
        return False
