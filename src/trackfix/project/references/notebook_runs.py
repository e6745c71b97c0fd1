"""Notebooks that others run by their path, and that so leave their names to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from functools import cached_property

from trackfix.project.files_with_words import files_with
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.source.patterns import lazy_pattern

# What is run leaves its names to the notebook with the magic. Databricks writes no suffix.
# https://ipython.readthedocs.io/en/stable/interactive/magics.html#magic-run
# https://docs.databricks.com/en/notebooks/notebook-workflows.html
_RUN = lazy_pattern(rb"%run[ \t]+(?:-\w+[ \t]+)*[\\\"']*([\w./@\-]*\w)")


class NotebookRuns:
    """Knows which files run which ones by ``%run``."""

    def __init__(self, project: Project, _: Resolver) -> None:
        self.project = project

    def taker(self, path: str, word: str) -> str:
        """A file that may use a name of the one at ``path``, as it runs that one, at once or
        through others; empty when none does."""
        seen = {path}
        stack = [path]
        while stack:
            for runner in self._runners.get(stack.pop(), ()):
                if runner not in seen:
                    seen.add(runner)
                    stack.append(runner)
        read = self.project.facts.bytes_of
        # In the JSON of a notebook a name can follow the ``n`` of ``\\n``.
        named = re.compile(rf"(?:\b|(?<=\\n)){re.escape(word)}\b".encode())
        takers = (one for one in sorted(seen - {path}) if named.search(read(one) or b""))
        return next(takers, "")

    @cached_property
    def _runners(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in files_with(self.project, ["%run"]):
            for match in _RUN.finditer(self.project.facts.bytes_of(path) or b""):
                for target in run_target(path, match[1].decode(), self.project.facts):
                    found.setdefault(target, []).append(path)
        return found


def run_target(path: str, written: str, known: Collection[str]) -> Iterator[str]:
    """Which of the ``known`` paths is meant by one that is ``written`` in the file at ``path``: a
    relative one, or one that begins where the repository was put."""
    for suffix in (".py", ".ipynb", ""):
        found = f"{written}{suffix}"
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), found))
        if beside in known:
            yield beside
            return
        while found and found not in known:
            found = found.partition("/")[2]
        if found:
            yield found
            return
