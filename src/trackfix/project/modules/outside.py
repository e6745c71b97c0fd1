"""What is known of packages that are no part of a project: that there are such at all."""

from __future__ import annotations

import re
import sys

from trackfix.project.files_with_words import files_with
from trackfix.project.project import Project
from trackfix.source.patterns import lazy_pattern

_SETTING = lazy_pattern(rb"^\s*client-factory\s*=.*$", re.MULTILINE)


def is_known_outside(project: Project, top: str) -> bool:
    """Whether anything speaks for a top-level package that is not the project's: it is installed
    here, some file imports it, or a text such as the list of requirements names it. The tool may
    well run where the project's own requirements are not installed."""
    return _is_installed(top) or _is_imported(project, top) or _is_mentioned(project, top)


def _is_installed(top: str) -> bool:
    """As ``importlib.util.find_spec``, which would cost an import; no package is executed."""
    return any(
        finder.find_spec(top, None) is not None
        for finder in sys.meta_path
        if hasattr(finder, "find_spec")
    )


def _is_imported(project: Project, top: str) -> bool:
    pattern = re.compile(rb"(?:from|import)\s+%b\b" % re.escape(top).encode())
    return any(
        pattern.search(project.read_if_possible(path)) for path in files_with(project, (top,))
    )


def _is_mentioned(project: Project, top: str) -> bool:
    """A distribution may be spelled with other separators than its package."""
    name = rb"[-_.]".join(re.escape(part).encode() for part in top.split("_"))
    pattern = re.compile(rb"\b%b\b" % name, re.IGNORECASE)
    return any(
        pattern.search(_SETTING.sub(b"", project.read_if_possible(path)))
        for path in project.text_files
    )
