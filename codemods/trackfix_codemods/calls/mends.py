"""What codemods have in common that change single calls of MLflow: each place for itself."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from trackfix.project.files_with_words import files_with
from trackfix.project.mlflow_uses.calls import FileCalls, MlflowCalls
from trackfix.project.references.moves import Moves
from trackfix.rewrite.codemod import Proposal, Skipped
from trackfix.source.document import Edit
from trackfix_codemods.calls.api_doubles import ApiDoubles


@dataclass(frozen=True)
class Mend:
    """How one place in ``line`` changes, or what stands in the way of that.

    With a ``doubt`` the edits are unsafe. ``statements`` are the statements and calls that come or
    go, see ``NewContent``. ``replaced`` are the functions that are called no more, or in another
    way: what tests do with them stands in the way.
    """

    line: int
    edits: tuple[Edit, ...] = ()
    obstacle: str = ""
    doubt: str = ""
    statements: Mapping[str, int] = field(default_factory=dict)
    replaced: tuple[ast.expr, ...] = ()


def propose(
    moves: Moves,
    words: Iterable[str],
    find: Callable[[FileCalls], Iterable[Mend]],
    *,
    unsafe: bool,
    held: Mapping[str, str],
    shared: Callable[[FileCalls, list[Mend]], Iterable[Edit]] = lambda *_: (),
) -> Proposal:
    """The contents of the files with one of ``words`` after all mends that ``find`` gives for
    them. ``shared`` makes the edits that all mends of a file need together: an import."""
    proposal = Proposal()
    project = moves.project
    calls = moves.resolver.analysis(MlflowCalls)
    doubles = ApiDoubles(project, moves.resolver)
    for path in files_with(project, words):
        file = calls.file(path)
        if file is None:
            continue
        ready: list[Mend] = []
        for mend in find(file):
            reason = f"the file is held back: {held[path]}" if path in held else mend.obstacle
            reason = reason or doubles.of_functions(path, mend.replaced)
            if not (reason or unsafe):
                doubt = mend.doubt or doubles.of_owners(path, mend.replaced)
                reason = f"unsafe: {doubt}" if doubt else ""
            if reason:
                proposal.skipped.append(Skipped(path, mend.line, reason))
            else:
                ready.append(mend)
        if ready:
            edits = [edit for mend in ready for edit in mend.edits]
            _write(proposal, file, ready, [*edits, *shared(file, ready)])
    return proposal


def _write(proposal: Proposal, file: FileCalls, mends: list[Mend], edits: list[Edit]) -> None:
    document = file.names.document
    statements: Counter[str] = Counter()
    for mend in mends:
        statements.update(mend.statements)
    proposal.put(document, lambda: document.with_edits(edits), len(mends), dict(statements))
