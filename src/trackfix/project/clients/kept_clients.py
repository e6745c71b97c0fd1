"""Whether a function returns a client that its module keeps, and who decides which one."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from trackfix.project.facts.expressions import names_in
from trackfix.project.meaning.scopes import Scope


class KeptClients:
    """What one function does with names of its module; ``nodes`` are its own, without those of
    functions in it."""

    def __init__(self, nodes: Sequence[ast.AST], scope: Scope) -> None:
        self._scope = scope
        self._returned = [node.value for node in nodes if isinstance(node, ast.Return)]
        self._asked = [names_in(node.test) for node in nodes if isinstance(node, ast.If)]
        self._assignments = [node for node in nodes if isinstance(node, ast.Assign)]

    @cached_property
    def may_be_returned(self) -> bool:
        """Whether a client that the module keeps is returned: ``if _client is None: ...``."""
        returned = {value.id for value in self._returned if isinstance(value, ast.Name)}
        kept = returned & self._scope.elsewhere.keys()
        return any(words & kept for words in self._asked)

    def heed_first(self, given: Collection[str]) -> bool:
        """Whether nothing else is returned, and nothing that is ``given`` to the class decides on
        it."""
        is_all = all(
            isinstance(value, ast.Name) and value.id in self._scope.elsewhere
            for value in self._returned
        )
        is_asked = any(not words.isdisjoint(given) for words in self._asked)
        return is_all and self.may_be_returned and not is_asked

    def made_with(self, values: Iterable[ast.expr]) -> set[str]:
        """The function's own names for these values, for what they are made of, and for what is
        made of them: ``uri = given or DEFAULT``."""
        own = self._scope.bindings.keys() - self._scope.elsewhere.keys()
        found = {name for value in values for name in names_in(value)}
        for node in (*reversed(self._assignments), *self._assignments):
            names = names_in(node) & own
            if not names.isdisjoint(found):
                found |= names
        return found & own
