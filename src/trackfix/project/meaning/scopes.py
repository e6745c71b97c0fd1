"""Scopes of a module and the uses of names in them, by the scoping rules of the language.

https://docs.python.org/3/reference/executionmodel.html#naming-and-binding
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass, field

from trackfix.source.document import Document

_MODULE_NAMES = frozenset(dir(builtins)) | {
    "__file__",
    "__name__",
    "__doc__",
    "__path__",
    "__package__",
    "__spec__",
    "__loader__",
    "__builtins__",
    "__annotations__",
    "__dict__",
    "__class__",
    "__module__",
    "__qualname__",
    "__debug__",
    "get_ipython",
    "display",
    "In",
    "Out",
    "_",
    "reveal_type",
    "WindowsError",
}


@dataclass(eq=False)
class Scope:
    """A module, class, function or comprehension and the names it binds."""

    kind: str
    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[ast.AST]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)

    def bind(self, name: str, node: ast.AST) -> None:
        """Note that ``node`` binds ``name`` here."""
        self.bindings.setdefault(name, []).append(node)


@dataclass(eq=False, slots=True)
class Use:
    """A name that is read, with the attributes taken from it.

    ``chain`` holds the attribute nodes from the innermost outwards. ``parent`` is the syntax
    node around the whole chain. ``base`` is the text offset of the string that it stands in, None
    outside of strings.
    """

    name: str
    node: ast.Name
    scope: Scope
    chain: tuple[ast.Attribute, ...]
    parent: ast.AST | None
    document: Document
    base: int | None = None

    @property
    def quoted(self) -> bool:
        """Whether it stands in a string."""
        return self.base is not None

    @property
    def start(self) -> int:
        """The text offset of the name."""
        if self.base is not None:
            return self.base + self.node.col_offset
        return self.document.lines.offset(self.node.lineno, self.node.col_offset)

    @property
    def ends(self) -> tuple[int, ...]:
        """The text offsets of the ends of the name and of each attribute."""
        nodes = (self.node, *self.chain)
        if self.base is not None:
            return tuple(self.base + (node.end_col_offset or 0) for node in nodes)
        return tuple(self.document.span(node)[1] for node in nodes)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The names of the attributes, in the order they are written."""
        return tuple(node.attr for node in self.chain)

    @property
    def is_read(self) -> bool:
        """Whether the whole chain is only read."""
        outer = self.chain[-1] if self.chain else self.node
        return isinstance(outer.ctx, ast.Load)


@dataclass
class Scopes:
    """All scopes and uses of one module."""

    module: Scope
    uses: list[Use]
    all: list[Scope]
    statement_scopes: dict[ast.stmt, Scope]
    star_imports: bool

    def binding_scope(self, name: str, scope: Scope) -> Scope | None:
        """The scope whose binding ``name`` means when it is read in ``scope``; None if unbound."""
        current: Scope | None = scope
        first = True
        while current is not None:
            visible = first or current.kind != "class"
            if visible and current.elsewhere.get(name) == "global":
                return self.module if name in self.module.bindings else None
            if visible and name in current.bindings and name not in current.elsewhere:
                return current
            first = False
            current = current.parent
        return None

    def undefined(self) -> set[str]:
        """Names that are read but bound nowhere, builtins aside. A type that a string names in full
        needs no import."""
        return {
            use.name
            for use in self.uses
            if not (use.quoted and use.chain)
            and use.name not in _MODULE_NAMES
            and self.binding_scope(use.name, use.scope) is None
        }

    def uses_of(self, name: str, scope: Scope) -> list[Use]:
        """The uses that mean the binding of ``name`` in ``scope``."""
        return [
            use
            for use in self.uses
            if use.name == name and self.binding_scope(name, use.scope) is scope
        ]


def plain_string_span(document: Document, node: ast.Constant) -> tuple[int, int] | None:
    """Offsets of the text between the quotes of a string, when it stands there as it is:
    one literal, no escapes, ASCII; else None."""
    if node.end_lineno is None or node.end_col_offset is None:
        return None
    start = document.lines.offset(node.lineno, node.col_offset)
    end = document.lines.offset(node.end_lineno, node.end_col_offset)
    literal = document.code[start:end]
    body = literal.lstrip("rRuU")
    quote = body[:3] if body[:3] in ('"""', "'''") else body[:1]
    prefix = len(literal) - len(body) + len(quote)
    text = literal[prefix : len(literal) - len(quote)]
    if text != node.value or not text.isascii():
        return None
    return start + prefix, end - len(quote)
