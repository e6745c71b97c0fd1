"""Tag keys that a file names by a constant of another module."""

from __future__ import annotations

import ast

from trackfix.project.expressions import string_value
from trackfix.project.project import Project
from trackfix.project.resolution import Resolver
from trackfix.project.run_logic.fragments import Fragment, Term
from trackfix.project.run_logic.homes import absolute_name, home_of
from trackfix.source.errors import SourceError


class Keys:
    """Replaces ``<module:NAME>`` by the text of the constant, where the project tells it."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self._resolver = resolver
        self._texts: dict[tuple[str, str], str] = {}
        self._constants: dict[str, dict[str, str]] = {}

    def resolved(self, fragment: Fragment) -> Fragment:
        """The same fragment with the keys that are known."""
        if not any(term.key.startswith("<") for term in fragment.terms):
            return fragment
        terms = (self._term(term, fragment.path) for term in fragment.terms)
        return fragment._replace(terms=tuple(dict.fromkeys(terms)))

    def _term(self, term: Term, path: str) -> Term:
        if not term.key.startswith("<") or term.key.startswith("<:"):
            return term
        module, _, name = term.key[1:-1].partition(":")
        return term._replace(key=self._text(path, module, name) or term.key)

    def _text(self, path: str, written: str, name: str) -> str:
        """The text of a constant that a file takes from a module; empty if it is not known."""
        module = absolute_name(self.project, path, written)
        key = (module, name)
        if key not in self._texts:
            self._texts[key] = self._find(module, name, path) or f"<{module}:{name}>"
        return self._texts[key]

    def _find(self, module: str, name: str, importer: str) -> str:
        home, last = home_of(self.project, self._resolver, importer, module, name)
        return self._read(home).get(last, "") if home else ""

    def _read(self, path: str) -> dict[str, str]:
        """The text constants of a file: ``NAME`` and ``Class.NAME``."""
        if path not in self._constants:
            try:
                body = self.project.document(path).tree.body if path.endswith(".py") else []
            except SourceError:
                body = []
            found = self._constants[path] = {}
            for node in body:
                prefix, inner = "", [node]
                if isinstance(node, ast.ClassDef):
                    prefix, inner = f"{node.name}.", node.body
                for part in inner:
                    if isinstance(part, (ast.Assign, ast.AnnAssign)):
                        text = string_value(part.value)
                        targets = part.targets if isinstance(part, ast.Assign) else [part.target]
                        names = [t.id for t in targets if isinstance(t, ast.Name)]
                        found |= {prefix + name: text for name in names if text is not None}
        return self._constants[path]
