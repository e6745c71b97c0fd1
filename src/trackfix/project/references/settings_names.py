"""What files of settings name, such as ``_target_: pkg.module.f`` for Hydra. Nobody edits them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from trackfix.project.project import Project

_SETTINGS = (".cfg", ".ini", ".json", ".toml", ".yaml", ".yml")


def named_in_settings(project: Project, names: Collection[str]) -> Iterator[tuple[str, int, str]]:
    """Where files of settings have which of some dotted names: path, line and name. The last part
    may stand behind a colon, as that of an entry point does."""
    if not names:
        return
    spelled = (re.escape(name.encode()).replace(rb"\.", rb"[.:]") for name in sorted(names))
    pattern = re.compile(rb"(?<![\w.])(?:%b)\b" % b"|".join(spelled))
    for path in project.text_files:
        if path.endswith(_SETTINGS):
            data = project.read_if_possible(path)
            for match in pattern.finditer(data):
                line = data.count(b"\n", 0, match.start()) + 1
                yield path, line, match[0].decode().replace(":", ".")
