"""One place that names what a module holds."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Use


@dataclass(eq=False)
class Reference:
    """One place that names ``name`` of ``module``, which is a path of the project or the name of
    a module elsewhere.

    ``kind`` is ``patch`` (it is replaced), ``below`` (a string goes on to something of it),
    ``read`` or ``assign`` (an attribute), ``import``, ``unknown`` (it is taken from a module, it is
    not known how; ``module`` is empty if it is not known from which) or ``built`` (a string that
    may be the name, or a part of a longer one, of no known ``module``). ``span`` are the offsets of
    the name, ``owner`` is where the text before it starts. ``certain`` tells that nothing else can
    be meant.
    """

    names: FileNames
    node: ast.AST
    offset: int
    kind: str
    module: str
    name: str
    span: tuple[int, int] | None = None
    owner: int = 0
    call: ast.Call | None = None
    use: Use | None = None
    certain: bool = True
    late: bool = False

    @property
    def path(self) -> str:
        """The file."""
        return self.names.path

    @property
    def may_replace(self) -> bool:
        """Whether it may give a known module another object by the name."""
        return self.kind in ("patch", "assign") or (self.kind == "unknown" and self.module != "")

    @property
    def line(self) -> int:
        """The line in the file."""
        return self.names.document.place(self.offset)[0]

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.path}:{self.line}"

    @property
    def part(self) -> ast.AST:
        """The function that it is used in, or that it decorates, or the class that it decorates;
        else the whole file."""
        inner: ast.AST | None = None
        current: ast.AST | None = self.call or self.node
        while current is not None:
            if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return current
            if isinstance(current, ast.ClassDef) and inner in current.decorator_list:
                return current
            inner, current = current, self.names.parents.get(current)
        return self.names.document.tree
