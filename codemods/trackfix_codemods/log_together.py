"""Log the metrics, parameters or tags of a mapping with one call instead of a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.mlflow_uses.metric_loops import TOGETHER, find_metric_loops, plain_loop
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.rewrite.codemod import Proposal
from trackfix.source.document import Edit
from trackfix_codemods.calls.mends import Mend, propose


@dataclass(frozen=True, slots=True)
class LogTogether:
    """The codemod ``log-together``."""

    name: str = "log-together"
    summary: str = "log metrics, parameters or tags of a mapping with one call, not a loop"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with ``log_metrics`` for loops that only call ``log_metric``, and so on."""
        return propose(moves, tuple(TOGETHER), _mends, unsafe=unsafe, held=held)


def _mends(file: FileCalls) -> Iterator[Mend]:
    document = file.names.document
    for found in find_metric_loops(file):
        plain = plain_loop(file, found)
        if plain is None:
            continue
        line, func = file.names.line(found.call.node), found.call.node.func
        if plain.obstacle:
            yield Mend(line, obstacle=plain.obstacle)
            continue
        assert isinstance(func, ast.Attribute)
        owner = document.text[slice(*document.span(func.value))]
        given = document.text[slice(*document.span(plain.mapping))]
        if plain.step is not None:
            given += f", step={document.text[slice(*document.span(plain.step))]}"
        edit = Edit(*document.span(found.loop), f"{owner}.{found.together}({given})")
        yield Mend(line, (edit,), "", plain.doubt, {"For": -1, "Call": -1}, (func,))


CODEMOD = LogTogether()
