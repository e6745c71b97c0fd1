"""How the arguments of a construction fit the signature of the client factory."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# https://mlflow.org/docs/latest/api_reference/python_api/mlflow.client.html
CLASS_PARAMETERS = ("tracking_uri", "registry_uri")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; ``kind`` is ``positional-only``, ``positional-or-keyword``,
    ``keyword-only``, ``var-positional`` or ``var-keyword``."""

    name: str
    kind: str
    has_default: bool

    @property
    def is_positional(self) -> bool:
        """Whether an argument can reach it by its position."""
        return self.kind in ("positional-only", "positional-or-keyword")

    @property
    def is_plain(self) -> bool:
        """Whether it takes one argument."""
        return not self.kind.startswith("var-")


@dataclass(frozen=True)
class Fit:
    """What becomes of a construction's arguments in a call of the factory.

    ``arguments`` are pairs of a parameter of the factory and what it gets, in the order of the
    text; ``refused`` the parameters of the class that the factory has nothing for. ``obstacle``
    says why no call can be written; ``verbatim`` that the arguments may stay as they stand.
    """

    arguments: tuple[tuple[Parameter, ast.expr], ...] = ()
    refused: tuple[str, ...] = ()
    obstacle: str = ""
    verbatim: bool = False


@dataclass(frozen=True)
class Signature:
    """The parameters of a factory, in their order. ``receives`` maps the parameters of the class
    to those of the factory that stand for them."""

    parameters: tuple[Parameter, ...]
    receives: Mapping[str, str]

    @property
    def accepts_positional(self) -> bool:
        """Whether it takes any number of arguments by position."""
        return any(p.kind == "var-positional" for p in self.parameters)

    @property
    def accepts_keywords(self) -> bool:
        """Whether it takes any keyword."""
        return any(p.kind == "var-keyword" for p in self.parameters)

    @property
    def required(self) -> tuple[str, ...]:
        """The parameters that every call has to give."""
        return tuple(p.name for p in self.parameters if p.is_plain and not p.has_default)

    @property
    def mirrors_class(self) -> bool:
        """Whether all that the class takes can be given in the same way."""
        plain = [p for p in self.parameters if p.is_plain]
        if not plain and self.accepts_positional and self.accepts_keywords:
            return True
        first = plain[: len(CLASS_PARAMETERS)]
        return (
            tuple(p.name for p in first) == CLASS_PARAMETERS
            and all(p.kind == "positional-or-keyword" for p in first)
            and all(self.receives.get(name) == name for name in CLASS_PARAMETERS)
        )

    def fit(self, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Fit:
        """How the arguments of a construction can be given to the factory."""
        missing = set(self.required)
        verbatim = self.mirrors_class
        if any(isinstance(a, ast.Starred) for a in arguments) or None in [k.arg for k in keywords]:
            if verbatim and not missing:
                return Fit(verbatim=True)
            return Fit(obstacle="it is not known which arguments it passes")
        pairs = [*zip(CLASS_PARAMETERS, arguments, strict=False)]
        pairs += [(keyword.arg or "", keyword.value) for keyword in keywords]
        given = [name for name, _ in pairs]
        if len(arguments) > len(CLASS_PARAMETERS) or not set(given) <= set(CLASS_PARAMETERS):
            return Fit(obstacle=f"{_listing(CLASS_PARAMETERS)} is all that the class accepts")
        if len(set(given)) < len(given):
            return Fit(obstacle="it passes an argument twice")
        refused = tuple(name for name in given if self._parameter_for(name) is None)
        if refused and (self.accepts_keywords or self.accepts_positional):
            return Fit(obstacle=f"it is not known what becomes of {_listing(refused)}")
        if refused:
            return Fit(refused=refused, obstacle=f"the factory does not accept {_listing(refused)}")
        found = [(self._parameter_for(name), value) for name, value in pairs]
        mapped = tuple((parameter, value) for parameter, value in found if parameter is not None)
        missing -= {parameter.name for parameter, _ in mapped}
        if missing:
            return Fit(obstacle=f"the factory also needs {_listing(sorted(missing))}")
        return Fit(mapped, verbatim=verbatim)

    def unaccepted(
        self, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> tuple[str, ...]:
        """What a call of the factory itself passes that it does not accept."""
        found: list[str] = []
        places = sum(p.is_positional for p in self.parameters)
        starred = any(isinstance(a, ast.Starred) for a in arguments)
        plain = len(arguments) - starred
        if plain > places and not self.accepts_positional:
            found.append(f"{plain} positional arguments" if plain > 1 else "a positional argument")
        if not self.accepts_keywords:
            known = {p.name for p in self.parameters if p.is_plain and p.kind != "positional-only"}
            found += [k.arg for k in keywords if k.arg is not None and k.arg not in known]
        return tuple(found)

    def _parameter_for(self, name: str) -> Parameter | None:
        """The parameter that stands for one of the class; one that ``**kwargs`` stands for has the
        same name."""
        own = self.receives.get(name)
        for parameter in self.parameters:
            if parameter.name == own and parameter.is_plain:
                return parameter
        if self.accepts_keywords and own is not None:
            return Parameter(name, "keyword-only", True)
        return None


def read_parameters(node: ast.FunctionDef) -> tuple[Parameter, ...]:
    """The parameters of a function."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    first_default = len(positional) - len(arguments.defaults)
    found = []
    for number, argument in enumerate(positional):
        kind = "positional-only" if number < len(arguments.posonlyargs) else "positional-or-keyword"
        found.append(Parameter(argument.arg, kind, number >= first_default))
    if arguments.vararg:
        found.append(Parameter(arguments.vararg.arg, "var-positional", True))
    found += [
        Parameter(argument.arg, "keyword-only", default is not None)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    if arguments.kwarg:
        found.append(Parameter(arguments.kwarg.arg, "var-keyword", True))
    return tuple(found)


def _listing(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
