"""What a call of the source of truth changes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import NamedTuple

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.run_logic.groups.truths import Truth
from trackfix.project.run_logic.replacing.left_clients import LeftClient
from trackfix.source.document import Edit


class Replacement(NamedTuple):
    """A call in the stead of a copy: the edits of its statements, and ``message``, what the call is
    and what it changes. ``needs_import`` tells that the file has the function by no name yet.
    ``statements`` counts the statements and calls that come, or go, by kind. ``makers`` are the
    expressions that were called for a client, where the function has one of its own now, and for an
    experiment; ``asked`` are the methods of the client that were called, and ``lookups`` the names
    of the module that were read and are no more. ``client`` is the one that was
    asked, if it stays."""

    names: FileNames
    truth: Truth
    edits: tuple[Edit, ...]
    message: str
    needs_import: bool
    statements: Mapping[str, int]
    makers: tuple[ast.expr, ...]
    asked: tuple[ast.expr, ...]
    lookups: tuple[ast.Name, ...]
    client: LeftClient | None
