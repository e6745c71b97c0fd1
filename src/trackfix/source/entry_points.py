"""The entry points of one group, read from the metadata of what is installed.

``importlib.metadata`` does the same, but importing it takes longer than linting a file.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from trackfix.source.patterns import lazy_pattern

_METADATA = (".dist-info", ".egg-info")
_LINE = lazy_pattern(r"(?P<name>[^=#;\s][^=]*?)\s*=\s*(?P<value>[\w.]+(?::[\w.]+)?)")


class AnnouncedObject(NamedTuple):
    """``name = value`` as a distribution announces it, where the value is ``module:attribute``."""

    name: str
    value: str
    dist: str

    def load(self) -> Any:
        """Import the object.

        Raises:
            ImportError, AttributeError, or whatever the module itself raises: it can't be had.
        """
        module, _, attributes = self.value.partition(":")
        found: Any = importlib.import_module(module)
        for attribute in attributes.split("."):
            found = getattr(found, attribute)
        return found


def find_entry_points(group: str, folders: Iterable[str] | None = None) -> list[AnnouncedObject]:
    """What is announced under ``group`` in these folders, or on ``sys.path``, sorted.

    Of a distribution that is there twice, only the one that Python would import counts.
    """
    seen: set[str] = set()
    found: list[AnnouncedObject] = []
    for folder in dict.fromkeys(sys.path if folders is None else folders):
        for name, path in sorted(_distributions(folder or ".")):
            if name not in seen:
                seen.add(name)
                found += _read(name, path, group)
    return sorted(found)


def _distributions(folder: str) -> Iterator[tuple[str, str]]:
    """The name of each distribution in a folder, and where its metadata are."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(_METADATA)]
    except OSError:
        return
    for name in names:
        project = os.path.splitext(name)[0].partition("-")[0]
        yield re.sub(r"[-_.]+", "-", project).lower(), os.path.join(folder, name)


def _read(dist: str, path: str, group: str) -> Iterator[AnnouncedObject]:
    try:
        with open(os.path.join(path, "entry_points.txt"), encoding="utf-8") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError):
        return
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[] ")
        elif section == group and (match := _LINE.match(line)):
            yield AnnouncedObject(match["name"], match["value"], dist)
