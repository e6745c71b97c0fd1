"""Tag keys that a file names by a constant of another module."""

from __future__ import annotations

import re
from contextlib import suppress

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_logic.fragments import Fragment, Step, Term, told_key
from trackfix.project.run_logic.values.constants import (
    Objects,
    Texts,
    imported_objects,
    text_constants,
)
from trackfix.project.run_logic.values.homes import absolute_name, home_of
from trackfix.source.errors import SourceError
from trackfix.source.patterns import lazy_pattern

_CONSTANT = lazy_pattern(r"<([^<>:]+):([^<>]+)>")


class Keys:
    """Replaces ``<module:NAME>`` by the text of the constant, where the project tells it."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self.project = project
        self._resolver = resolver
        self._texts: dict[tuple[str, str], str] = {}
        self._constants: dict[str, tuple[Texts, Objects]] = {}

    def resolved(self, fragment: Fragment) -> Fragment:
        """The same fragment with the keys that are known, in the words of its steps as well: one
        key by two names is no difference."""
        if not any("<" in term.key for term in fragment.terms):
            return fragment
        steps = fragment.steps
        terms = []
        for term in fragment.terms:
            found = self._term(term, fragment.path)
            terms.append(found)
            if found != term and not found.key.startswith("<"):
                steps = tuple(_renamed(step, term, found) for step in steps)
        return fragment._replace(terms=tuple(dict.fromkeys(terms)), steps=steps)

    def _term(self, term: Term, path: str) -> Term:
        def found(match: re.Match[str]) -> str:
            return self._text(path, match[1], match[2])

        return term._replace(key=_CONSTANT.sub(found, term.key))

    def _text(self, path: str, written: str, name: str) -> str:
        """The text of a constant that a file takes from a module, else its name."""
        module = absolute_name(self.project, path, written)
        key = (module, name)
        if key not in self._texts:
            self._texts[key] = f"<{module}:{name}>"  # for who asks again on the way
            self._texts[key] = self._find(module, name, path) or self._texts[key]
        return self._texts[key]

    def _find(self, module: str, name: str, importer: str) -> str:
        home, last = home_of(self.project, self._resolver, importer, module, name)
        if not home:
            return ""
        texts, objects = self._read(home)
        root, _, part = last.partition(".")
        if last in texts or root not in objects:
            return texts.get(last, "")
        defining, kind = objects[root]
        text = self._text(home, defining, f"{kind}.{part}")
        return "" if _CONSTANT.fullmatch(text) else text

    def _read(self, path: str) -> tuple[Texts, Objects]:
        if path not in self._constants:
            self._constants[path] = {}, {}
            if path.endswith(".py"):
                with suppress(SourceError):
                    tree = self.project.document(path).tree
                    self._constants[path] = text_constants(tree), imported_objects(tree)
        return self._constants[path]


def _renamed(step: Step, term: Term, found: Term) -> Step:
    """A step that tells a condition by the key that was found for it."""
    told = re.escape(f"{term.kind} {told_key(term.key)}")
    return step._replace(
        text=re.sub(rf"\b{told}(?![\w.])", lambda _: f"{found.kind} {found.key}", step.text)
    )
