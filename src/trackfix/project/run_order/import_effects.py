"""What is set up when a file is imported, or when what it imports is."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from trackfix.project.files_with_words import has_word
from trackfix.project.loading.entry_blocks import is_main_guard
from trackfix.project.project import Module, Project, absolute
from trackfix.project.run_order.callees import callee_name
from trackfix.project.run_order.files import OrderFile, OrderFiles
from trackfix.project.run_order.may_setup import Unknown
from trackfix.source.syntax_index import own_nodes


class ImportEffects:
    """What the imports of one project may set up. ``known`` has the names of what may do so."""

    def __init__(self, project: Project, files: OrderFiles, known: Unknown) -> None:
        self._project = project
        self._files = files
        self._may_set_up = known

    def may_set_up(self, file: OrderFile) -> bool:
        """Whether a module that a file imports, or one that this imports, may set up by that."""
        seen, waiting = {file.names.path}, [file.names.path]
        while waiting:
            path = waiting.pop()
            for found in self._imported(path):
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
        return any(self.sets_up_itself(path) for path in seen - {file.names.path})

    def _imported(self, path: str) -> Iterator[str]:
        facts = self._project.facts[path]
        name = self._project.primary_name(path) or ""
        package = Module(name, path, facts).package
        for statement in facts.imports:
            target = absolute(statement.module, package)
            if target is None:
                continue
            names = [target, *(f"{target}.{name}" for name in statement.names)]
            parents = [target.rpartition(".")[0]]
            while parents[-1]:
                parents.append(parents[-1].rpartition(".")[0])
            for name in (*names, *filter(None, parents)):
                found = self._project.find(name, path)
                if found is not None and found.path.endswith(".py"):
                    yield found.path

    def sets_up_itself(self, path: str) -> bool:
        """Whether the top level of a module may set MLflow up."""
        words = ("mlflow", "MLFLOW_", *self._may_set_up.names)
        file = self._files.file(path) if has_word(self._project, path, words) else None
        if file is None:
            return False
        body = [s for s in file.names.document.tree.body if not is_main_guard(s)]
        return any(
            (isinstance(part, ast.expr) and self._files.is_setup(part, file))
            or (isinstance(part, ast.Call) and callee_name(part) in self._may_set_up.names)
            for part in own_nodes(body)
        )
