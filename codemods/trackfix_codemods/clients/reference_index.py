"""The references of a project, by what one asks for."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence

from trackfix_codemods.clients.reference import Reference

# What a text may name, in whatever module.
_ANYWHERE = ("built", "unknown")


class ReferenceIndex:
    """References in an order that all answers keep."""

    def __init__(self, references: Iterable[Reference]) -> None:
        self._all: list[Reference] = []
        self._of_module: dict[str, list[Reference]] = {}
        self._beside: dict[Reference, list[Reference]] = {}
        self._in_file: dict[str, list[int]] = {}
        self._anywhere: set[int] = set()
        of_part: dict[ast.AST, list[Reference]] = {}
        for place, reference in enumerate(references):
            self._all.append(reference)
            self._of_module.setdefault(reference.module, []).append(reference)
            self._beside[reference] = of_part.setdefault(reference.part, [])
            self._beside[reference].append(reference)
            self._in_file.setdefault(reference.path, []).append(place)
            if reference.kind in _ANYWHERE:
                self._anywhere.add(place)

    def of_module(self, module: str) -> Sequence[Reference]:
        """Those of names of a module."""
        return self._of_module.get(module, ())

    def beside(self, reference: Reference) -> Sequence[Reference]:
        """Those of the same part of its file, itself included."""
        return self._beside[reference]

    def in_reach(self, paths: Collection[str]) -> list[Reference]:
        """Those in some files, and those that may name something in any module."""
        files = self._in_file.keys() & paths
        places = self._anywhere.union(*(self._in_file[path] for path in files))
        return [self._all[place] for place in sorted(places)]
