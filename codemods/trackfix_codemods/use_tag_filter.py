"""Build filters on tags with the library's ``tag_filter``, which quotes the values."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.mlflow_uses.filter_faults import find_filter_faults
from trackfix.project.mlflow_uses.filter_strings import SEARCHES
from trackfix.project.mlflow_uses.filter_tags import tag_filter_obstacle, tags_of
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.rewrite.codemod import Proposal
from trackfix.source.document import Edit
from trackfix_codemods.calls.mends import Mend, propose
from trackfix_codemods.imports.new_imports import import_beside_mlflow

_DOUBT = "the file then needs trackfix.tracking, which takes None for no value"


@dataclass(frozen=True, slots=True)
class UseTagFilter:
    """The codemod ``use-tag-filter``."""

    name: str = "use-tag-filter"
    summary: str = "build filters on tags with trackfix.tracking.tag_filter, which quotes values"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with a call of ``tag_filter`` for each filter that may break."""
        return propose(moves, SEARCHES, _mends, unsafe=unsafe, held=held, shared=_imports)


def _mends(file: FileCalls) -> Iterator[Mend]:
    for fault in find_filter_faults(file):
        line = file.names.line(fault.node)
        obstacle = tag_filter_obstacle(file, fault)
        if obstacle:
            yield Mend(line, obstacle=obstacle)
            continue
        edit = Edit(*file.names.document.span(fault.node), f"tag_filter({tags_of(fault.text)})")
        calls = {} if isinstance(fault.node, ast.Call) else {"Call": 1}
        yield Mend(line, (edit,), "", _DOUBT, calls)


def _imports(file: FileCalls, mends: list[Mend]) -> list[Edit]:
    return import_beside_mlflow(file.names, ("trackfix.tracking", "tag_filter"))


CODEMOD = UseTagFilter()
