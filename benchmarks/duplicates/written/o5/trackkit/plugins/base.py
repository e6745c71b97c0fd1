"""Plug-ins are found by the entry point group ``trackkit.plugins``."""
from __future__ import annotations

import abc
import logging
import typing as t
from importlib.metadata import entry_points

from trackkit.errors import PluginError

logger = logging.getLogger(__name__)


class Plugin(abc.ABC):
    name: t.ClassVar[str]

    def tags(self) -> t.Dict[str, str]:
        return {}

    def on_start(self, run) -> None:
        """After the start of a run."""

    def on_end(self, run, status: str) -> None:
        """Before the end of a run."""


class PluginManager:
    def __init__(self, plugins: t.Iterable[Plugin] = ()):
        self._plugins = list(plugins)

    def __iter__(self):
        return iter(self._plugins)

    @classmethod
    def discover(cls) -> "PluginManager":
        found = []
        for point in entry_points(group="trackkit.plugins"):
            try:
                found.append(point.load()())
            except Exception as exc:  # noqa: BLE001
                logger.warning("plug-in %s is broken: %s", point.name, exc)
        return cls(found)

    def get(self, name: str) -> Plugin:
        for plugin in self._plugins:
            if plugin.name == name:
                return plugin
        raise PluginError(name)
