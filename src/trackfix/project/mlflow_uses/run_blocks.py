"""Whether the lines from ``start_run()`` to ``end_run()`` can become the block of a ``with``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.facts.expressions import last_name
from trackfix.project.files_with_words import files_with
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.mlflow_uses.calls import FileCalls
from trackfix.project.mlflow_uses.unguarded_runs import (
    UnguardedRun,
    begun_in,
    ending_tries,
    ends_process,
    leaves_early,
)
from trackfix.source.errors import SourceError
from trackfix.source.syntax_index import suite_of

# Libraries for command lines that end the process when the command is done, also when it is well.
_COMMAND_LINES = ("absl", "click", "typer")


@dataclass(frozen=True)
class RunBlock:
    """The block of a run that is begun and ended in the same suite."""

    file: FileCalls
    run: UnguardedRun

    @cached_property
    def obstacle(self) -> str:
        """What stands in the way of a ``with`` statement; empty for nothing."""
        start, end = self.run.start, self.run.end
        assert isinstance(end, ast.Expr)
        assert isinstance(end.value, ast.Call)
        if end.value.args or end.value.keywords:
            return "end_run() is given a status"
        if not (self._is_alone(start) and self._is_alone(end)):
            return "start_run() or end_run() shares its line with other statements"
        if isinstance(start, ast.AnnAssign):
            return "the name of the run has an annotation, and that of a with has none"
        document = self.file.names.document
        first, last = document.span(start)[0], document.span(end)[1]
        if document.text[first:last] != document.code[first:last]:
            return "there are magics between start_run() and end_run()"
        if any(begun_in(self.run.body, self.file)):
            return "another run is begun between them without a with"
        if any(last_name(node) == "end_run" for part in self.run.body for node in ast.walk(part)):
            return "the run is ended between them as well"
        if ends_process(self.run.body):
            return "a process that ends well between them would leave the run as FAILED"
        for handled in ending_tries(self.file.names.parents, self._ends):
            if not any(begun_in([*self._before(handled), *handled.body], self.file)):
                line = self.file.names.line(handled)
                return f"the try in line {line} ends runs that were left, and would end another one"
        if self._is_imported_for(end.value.func):
            return "end_run is imported for this alone"
        return ""

    @cached_property
    def doubt(self) -> str:
        """Why it is not proven that all stays as it was if nothing fails; empty if it is."""
        if leaves_early(self.run.body):
            return "the lines before end_run() may be left early, and the run then stays active"
        if not isinstance(self.file.names.parents[self.run.start], ast.Module):
            return "a caller may go on with the run when it has caught an exception"
        text = self.file.names.document.text
        if text.count("end_run") > 1 or text.count("start_run") > 1:
            return "the file begins or ends other runs"
        other = next(self._loaded(self._ends), "")
        if other:
            return f"{other}, which the file loads, ends runs as well"
        own = self.file.names.path
        for path in (own, *self._loaded(_COMMAND_LINES)):
            library = next(self._command_lines(path), "")
            if library:
                return f"a command of {library} ends the process, and the run would be FAILED"
        for path in (own, *self._loaded(("exit(", "quit(", "SystemExit"))):
            if any(ends_process(function.body) for function in self._functions(path)):
                where = "the file" if path == own else path
                return f"a function of {where} may end the process, and the run would be FAILED"
        return ""

    @property
    def _ends(self) -> tuple[str, ...]:
        given = self.file.names.meanings.project.config.run_ends
        return ("end_run", *(end.rpartition(":")[2] for end in given))

    def _before(self, statement: ast.stmt) -> Sequence[ast.stmt]:
        """The statements before another one in its block."""
        suite = suite_of(statement, self.file.names.parents) or [statement]
        return suite[: suite.index(statement)]

    def _loaded(self, words: tuple[str, ...]) -> Iterator[str]:
        """The files with one of these words that may be loaded with this one, itself left out."""
        names = self.file.names
        project = names.meanings.project
        loaded = ImportGraph(project, later=True).reachable(names.path) - {names.path}
        return (path for path in files_with(project, words) if path in loaded)

    def _command_lines(self, path: str) -> Iterator[str]:
        """The libraries for command lines that a file imports."""
        for found in self.file.names.meanings.project.facts[path].imports:
            library = found.module.partition(".")[0]
            if library in _COMMAND_LINES:
                yield library

    def _functions(self, path: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        with suppress(SourceError):
            for node in ast.walk(self.file.names.meanings.project.document(path).tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield node

    def _is_imported_for(self, function: ast.expr) -> bool:
        """Whether a function goes by a name that an import gives it, and nothing else uses."""
        if not isinstance(function, ast.Name):
            return False
        scopes = self.file.names.scopes
        owner = scopes.binding_scope(function.id, scopes.statement_scopes[self.run.start])
        return owner is not None and len(scopes.uses_of(function.id, owner)) == 1

    def _is_alone(self, node: ast.stmt) -> bool:
        """Whether nothing but a comment shares the lines of a statement."""
        document = self.file.names.document
        start, end = document.span(node)
        text = document.text
        before = text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start]
        after = text[end:].splitlines()[0].strip() if text[end:] else ""
        return not before.strip() and (not after or after.startswith("#"))
