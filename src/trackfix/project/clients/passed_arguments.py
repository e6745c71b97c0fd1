"""What a function that returns a new client does with its arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from trackfix.project.clients.maker import Maker
from trackfix.project.clients.signature import CLASS_PARAMETERS, Parameter
from trackfix.project.facts.expressions import dotted, is_none
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.scopes import Scope


class PassedArguments:
    """Reads the arguments of the calls by which one function makes the client, if need be
    ``through`` another maker."""

    def __init__(
        self,
        names: FileNames,
        node: ast.FunctionDef,
        scope: Scope,
        parameters: Sequence[Parameter],
        through: Maker | None,
    ) -> None:
        self.names = names
        self.node = node
        self.scope = scope
        self.parameters = parameters
        self.through = through

    def received(self, calls: Sequence[ast.Call]) -> dict[str, str]:
        """By which name the function takes what a parameter of the class gets."""
        own = {p.name for p in self.parameters if p.is_plain}
        found: dict[str, str] = {}
        for call in calls:
            for name, value in self.given(call):
                used = own.intersection(_names_standing_for(value))
                if len(used) == 1:
                    found.setdefault(name, used.pop())
            if self.spreads(call, "var-keyword"):
                taken = {name for name, _ in self.given(call)}
                for name, key in self.expected.items():
                    if name not in taken and key not in own:
                        found.setdefault(name, key)
        for parameter in self.parameters:
            if parameter.is_plain and parameter.name in CLASS_PARAMETERS:
                found.setdefault(parameter.name, parameter.name)
        return found

    @property
    def expected(self) -> Mapping[str, str]:
        """The parameters of the class, and by which names they are given to what is called."""
        if self.through is not None:
            return self.through.signature.receives
        return {name: name for name in CLASS_PARAMETERS}

    def given(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """The parameters of the class that a call gives, through another maker or directly."""
        places: Sequence[str] = CLASS_PARAMETERS
        if self.through is not None:
            places = [p.name for p in self.through.signature.parameters if p.is_positional]
        renamed = {own: name for name, own in self.expected.items()}
        plain = takewhile(lambda argument: not isinstance(argument, ast.Starred), call.args)
        for key, value in zip(places, plain, strict=False):
            if key in renamed:
                yield renamed[key], value
        for keyword in call.keywords:
            # A release of mlflow may have other parameters than those that are known.
            name = keyword.arg if self.through is None else renamed.get(keyword.arg or "")
            if name is not None:
                yield name, keyword.value

    def passes_all(self, calls: Sequence[ast.Call], kind: str) -> bool:
        """Whether the class gets all that ``*args``, or ``**kwargs``, hold, whatever that is; what
        the function itself decides on can't be given as well."""
        own = {p.name for p in self.parameters if p.is_plain}
        for call in calls:
            values = [value for _, value in self.given(call)]
            is_free = all(own.intersection(_names_standing_for(value)) for value in values)
            if not (is_free and self.spreads(call, kind)):
                return False
        if self.through is None:
            return True
        further = self.through.signature
        return further.passes_positional if kind == "var-positional" else further.passes_keywords

    def spreads(self, call: ast.Call, kind: str) -> bool:
        own = {p.name for p in self.parameters if p.kind == kind}
        return any(
            spread == kind and isinstance(value, ast.Name) and value.id in own
            for value, spread in values_of(call)
        )

    def passes_on(self, call: ast.Call) -> bool:
        """Whether the function does no more than to make this call with its own arguments as they
        are."""
        if self.through is not None and not self.through.passes_on:
            return False
        if not (self.is_all_there_is(call) and self.all_default_to_none()):
            return False
        parameters = {p.name: p for p in self.parameters}
        given: list[str] = []
        for value, kind in values_of(call):
            for part in self.without_default(value, call):
                parameter = parameters.get(part.id) if isinstance(part, ast.Name) else None
                if parameter is None or kind != (None if parameter.is_plain else parameter.kind):
                    return False
                given.append(parameter.name)
        return sorted(given) == sorted(parameters)

    def without_default(self, value: ast.expr, call: ast.Call) -> list[ast.expr]:
        """The parts of an argument but for a last ``mlflow.get_tracking_uri()``, which the class
        asks itself when it gets no ``tracking_uri``: of ``uri or mlflow.get_tracking_uri()`` the
        first.

        https://github.com/mlflow/mlflow/blob/v3.1.0/mlflow/tracking/_tracking_service/utils.py
        """
        keyword = next((k.value for k in call.keywords if k.arg == "tracking_uri"), None)
        if value not in (*call.args[:1], keyword):
            return [value]
        is_choice = isinstance(value, ast.BoolOp) and isinstance(value.op, ast.Or)
        parts = value.values if isinstance(value, ast.BoolOp) and is_choice else [value]
        last = parts[-1]
        if not isinstance(last, ast.Call) or last.args or last.keywords:
            return [value]
        meaning = self.names.of(last.func, self.scope)
        is_of_mlflow = meaning is not None and meaning.module.partition(".")[0] == "mlflow"
        is_default = is_of_mlflow and meaning is not None and meaning.name == "get_tracking_uri"
        return parts[:-1] if is_default else [value]

    def all_default_to_none(self) -> bool:
        arguments = self.node.args
        defaults = [*arguments.defaults, *(d for d in arguments.kw_defaults if d is not None)]
        return all(is_none(default) for default in defaults)

    def is_all_there_is(self, call: ast.Call) -> bool:
        """Whether the function does nothing but to import, to construct and to return."""
        body = [
            statement
            for statement in self.node.body
            if not isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass))
            and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        ]
        if len(body) == 2 and isinstance(body[0], (ast.Assign, ast.AnnAssign)):
            targets = body[0].targets if isinstance(body[0], ast.Assign) else [body[0].target]
            is_local = all(
                isinstance(t, ast.Name) and t.id not in self.scope.elsewhere for t in targets
            )
            return is_local and body[0].value is call and isinstance(body[1], ast.Return)
        return len(body) == 1 and isinstance(body[0], ast.Return) and body[0].value is call


def _names_standing_for(value: ast.expr) -> Iterator[str]:
    """The names whose values an expression may have, such as ``uri or default()``."""
    if isinstance(value, ast.Name):
        yield value.id
    elif isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from _names_standing_for(part)
    elif isinstance(value, ast.IfExp):
        yield from _names_standing_for(value.body)
        yield from _names_standing_for(value.orelse)
    elif isinstance(value, ast.Call) and dotted(value.func) == "str" and value.args:
        yield from _names_standing_for(value.args[0])


def values_of(call: ast.Call) -> Iterator[tuple[ast.expr, str | None]]:
    """What a call passes, with the kind of parameter whose contents are spread there, if any."""
    for argument in call.args:
        if isinstance(argument, ast.Starred):
            yield argument.value, "var-positional"
        else:
            yield argument, None
    for keyword in call.keywords:
        yield keyword.value, "var-keyword" if keyword.arg is None else None
