"""Files that a program writes: what is changed in them is lost when it writes them again."""

from __future__ import annotations

import re

from trackfix.project.client_files import files_with
from trackfix.project.project import Project
from trackfix.source.patterns import lazy_pattern

# In the spellings of protoc, OpenAPI's generators, transformers and others.
_WORDS = ("o not edit", "O NOT EDIT", "o NOT edit", "o Not Edit", "@generated")
_SAYS_SO = lazy_pattern(rb"\bdo not edit\b|@generated\b", re.IGNORECASE)
_TOP_LINES = 15


def generated_files(project: Project) -> dict[str, str]:
    """The files that say at their top that they are not to be edited, each with where."""
    found = {}
    for path in files_with(project, _WORDS):
        lines = (project.facts.bytes_of(path) or b"").splitlines()[:_TOP_LINES]
        said = [number for number, line in enumerate(lines, 1) if _SAYS_SO.search(line)]
        if said and not path.endswith(".ipynb"):
            found[path] = f"line {said[0]} of it says not to edit it"
    return found
