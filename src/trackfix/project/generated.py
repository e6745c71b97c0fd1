"""Files that a program writes: what is changed in them is lost when it writes them again."""

from __future__ import annotations

import ast
import re

from trackfix.project.client_files import files_with
from trackfix.project.project import Project
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

# In the spellings of protoc, OpenAPI's generators, transformers and others.
_WORDS = ("o not edit", "O NOT EDIT", "o NOT edit", "o Not Edit", "@generated")
_SAYS_SO = lazy_pattern(r"\bdo not edit\b|@generated\b", re.IGNORECASE)


def generated_files(project: Project) -> dict[str, str]:
    """The files that say at their top that they are not to be edited, each with where."""
    found = {}
    for path in files_with(project, _WORDS):
        try:
            document = project.document(path)
            said = _SAYS_SO.search(document.text, 0, _header_end(document))
        except SourceError:
            continue
        if said and not document.is_notebook:
            line, _ = document.place(said.start())
            found[path] = f"line {line} of it says not to edit it"
    return found


def _header_end(document: Document) -> int:
    """Where the comments and the docstring at the top end: a program that writes others may have
    such a text of theirs below."""
    body = document.tree.body
    is_told = bool(body) and isinstance(body[0], ast.Expr) and ast.get_docstring(document.tree)
    code = body[1:] if is_told else body
    if not code:
        return len(document.text)
    return document.span((getattr(code[0], "decorator_list", None) or code)[0])[0]
