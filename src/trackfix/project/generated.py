"""Files that a program writes: what is changed in them is lost when it writes them again."""

from __future__ import annotations

import re

from trackfix.project.files_with_words import files_with
from trackfix.project.project import Project
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

# In the spellings of protoc, OpenAPI's generators, transformers and others.
_WORDS = ("o not edit", "O NOT EDIT", "o NOT edit", "o Not Edit", "@generated")
_SAYS_SO = lazy_pattern(r"\bdo not edit\b|@generated\b", re.IGNORECASE)
_NEWLINE = lazy_pattern(r"\r\n?|\n")
_BLANKS = r"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))*[ \t\f]*(?:#[^\r\n]*)?"
_DOCSTRING = r"[rRuU]?(?:\"{3}.*?\"{3}|'{3}.*?'{3}|\"[^\"\r\n]*\"|'[^'\r\n]*')"
# A program that writes others may have such a text of theirs further below.
_TOP = lazy_pattern(rf"\ufeff?{_BLANKS}(?:{_DOCSTRING}{_BLANKS})?", re.DOTALL)


def generated_files(project: Project) -> dict[str, str]:
    """The files of which a comment at the top, or the docstring, says that they are not to be
    edited, each with where."""
    found = {}
    for path in files_with(project, _WORDS):
        try:
            document = project.document(path)
            top = _TOP.match(document.text)
            said = _SAYS_SO.search(document.text, 0, top.end()) if top else None
        except SourceError:
            continue
        if said and not document.is_notebook:
            line = 1 + len(_NEWLINE.findall(document.text, 0, said.start()))
            found[path] = f"line {line} of it says not to edit it"
    return found
