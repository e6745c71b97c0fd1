"""The names of the functions of a project that may set MLflow up, themselves or by others."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cached_property

from trackfix.project.facts.expressions import last_name
from trackfix.project.files_with_words import files_with
from trackfix.project.mlflow_uses.setup import files_with_setup
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_order.files import Function, OrderFiles
from trackfix.project.test_paths import is_test_path
from trackfix.source.document import Document
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

# A method of something unknown that is called so could do anything to MLflow.
_TELLING = lazy_pattern(
    r"set_?up|init|config|connect|login|track|mlflow|experiment|enter|activate|bootstrap|start"
)


class Unknown:
    """Knows of no function of the project. To go by it is fast, and finds too much."""

    @property
    def names(self) -> frozenset[str]:
        """The last names of the functions, methods and classes."""
        return frozenset()

    def __contains__(self, name: str) -> bool:
        return _TELLING.search(name.strip("_").lower()) is not None or name in self.names


class MaySetUp(Unknown):
    """Goes by the names alone: a method of that name may be the one that is called."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._files = resolver.analysis(OrderFiles)

    @cached_property
    def names(self) -> frozenset[str]:
        """The last names of the functions, methods and classes."""
        known = {meaning.name for meaning in self._files.setup_functions}
        for path in files_with_setup(self._project):
            file = None if is_test_path(path) else self._files.file(path)
            if file is not None:
                known |= _named(file.names.document, file.setups)
        words = sorted(known)
        while words:
            added: set[str] = set()
            for path in files_with(self._project, words):
                document = None if is_test_path(path) else self._document(path)
                if document is not None:
                    calls = (c for c in document.index.calls if last_name(c.func) in words)
                    added |= _named(document, calls)
            # Only a class of its own is made by the name of a special method.
            words = sorted(name for name in added - known if not name.startswith("__"))
            known |= added
        return frozenset(known)

    def _document(self, path: str) -> Document | None:
        try:
            document = self._project.document(path)
            return document if document.tree else None
        except SourceError:
            return None


def _named(document: Document, nodes: Iterable[ast.AST]) -> set[str]:
    """The functions around nodes, and the classes that these make."""
    found = set()
    parents = document.index.parents
    for node in nodes:
        outer: ast.AST | None = node
        while outer is not None:
            if isinstance(outer, Function):
                found.add(outer.name)
                owner = parents.get(outer)
                if outer.name in ("__init__", "__post_init__") and isinstance(owner, ast.ClassDef):
                    found.add(owner.name)
            outer = parents.get(outer)
    return found
