"""How the arguments of a construction fit the signature of the client factory."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# What the class of one release or another takes, in this order; old ones stop earlier, and ones to
# come may go on. https://mlflow.org/docs/latest/api_reference/python_api/mlflow.client.html
CLASS_PARAMETERS = ("tracking_uri", "registry_uri", "workspace_store_uri")
# What it takes in every release that is in use.
USUAL_PARAMETERS = CLASS_PARAMETERS[:2]


class Parameter(NamedTuple):
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


class Fit(NamedTuple):
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
    to the names by which the factory takes them. ``passes_positional`` and ``passes_keywords``
    tell that the class gets all that ``*args`` and ``**kwargs`` hold, ``heeds_first`` that the
    factory keeps the client of the first call, and gives it to all others whatever they ask for."""

    parameters: tuple[Parameter, ...]
    receives: Mapping[str, str]
    passes_positional: bool = False
    passes_keywords: bool = False
    heeds_first: bool = False

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
    def is_open(self) -> bool:
        """Whether whatever the class may take can be given in the same way."""
        by_keyword = {p.name for p in self.parameters if p.kind == "keyword-only"}
        return (
            self.passes_positional
            and self.passes_keywords
            and self._starts_like_class
            and by_keyword.isdisjoint(CLASS_PARAMETERS)
            and all(self.receives.get(name) == name for name in CLASS_PARAMETERS)
        )

    @property
    def mirrors_class(self) -> bool:
        """Whether all that the class usually takes can be given in the same way."""
        places = sum(p.is_positional for p in self.parameters)
        return self.is_open or (self._starts_like_class and places >= len(USUAL_PARAMETERS))

    @property
    def _starts_like_class(self) -> bool:
        places = [p for p in self.parameters if p.is_positional][: len(CLASS_PARAMETERS)]
        return all(
            parameter.name == name == self.receives.get(name)
            and parameter.kind == "positional-or-keyword"
            for parameter, name in zip(places, CLASS_PARAMETERS, strict=False)
        )

    def fit(self, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Fit:
        """How the arguments of a construction can be given to the factory."""
        if self.heeds_first and (arguments or keywords):
            return Fit(obstacle="the factory heeds the arguments of its first call only")
        missing = set(self.required)
        verbatim = self.mirrors_class
        if self.is_open and not missing:
            return Fit(verbatim=True)
        if any(isinstance(a, ast.Starred) for a in arguments) or None in [k.arg for k in keywords]:
            if verbatim and not missing:
                return Fit(verbatim=True)
            return Fit(obstacle="it is not known which arguments it passes")
        if len(arguments) > len(CLASS_PARAMETERS):
            return Fit(obstacle=f"it is not known what {len(arguments)} positional arguments mean")
        pairs = [*zip(CLASS_PARAMETERS, arguments, strict=False)]
        pairs += [(keyword.arg or "", keyword.value) for keyword in keywords]
        given = [name for name, _ in pairs]
        if len(set(given)) < len(given):
            return Fit(obstacle="it passes an argument twice")
        found = [(self.parameter_for(name), value) for name, value in pairs]
        mapped = tuple((parameter, value) for parameter, value in found if parameter is not None)
        lacking = [name for name in given if self.parameter_for(name) is None]
        refused = tuple(name for name in lacking if name in CLASS_PARAMETERS)
        if len(refused) < len(lacking):
            unknown = [name for name in lacking if name not in refused]
            return Fit(obstacle=f"it is not known that the class takes {_listing(unknown)}")
        if refused and (self.accepts_keywords or self.accepts_positional):
            return Fit(obstacle=f"it is not known what becomes of {_listing(refused)}")
        if refused:
            return Fit(refused=refused, obstacle=f"the factory does not accept {_listing(refused)}")
        for name, (parameter, _) in zip(given, mapped, strict=True):
            also = self._also_given(name)
            if also:
                return Fit(obstacle=f"the factory gives its {parameter.name} as {also}, too")
        missing -= {parameter.name for parameter, _ in mapped}
        if missing:
            return Fit(obstacle=f"the factory also needs {_listing(sorted(missing))}")
        return Fit(mapped, verbatim=verbatim)

    def _also_given(self, name: str) -> str:
        """The earlier parameter of the class that gets the same of the factory as ``name`` does:
        ``MlflowClient(tracking_uri=uri, registry_uri=uri)``."""
        own = self.receives.get(name)
        earlier = (n for n in CLASS_PARAMETERS if own is not None and self.receives.get(n) == own)
        found = next(earlier, name)
        return found if found != name else ""

    def problems(
        self, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> Iterator[str]:
        """What is wrong with a call of the factory itself, each in a few words."""
        there = sum(p.is_positional for p in self.parameters)
        filled = sum(not isinstance(argument, ast.Starred) for argument in arguments)
        if filled > there and not self.accepts_positional:
            takes = f"{there} positional argument{'' if there == 1 else 's'}" if there else "none"
            given = f"{filled} positional argument{'' if filled == 1 else 's'}"
            yield f"is given {given}, and takes {takes}"
        for name in self.unaccepted(keywords):
            known = self.parameter_for(name)
            yield f"does not accept {name}" + (f", which it calls {known.name}" if known else "")

    def unaccepted(self, keywords: Sequence[ast.keyword]) -> tuple[str, ...]:
        """The keywords of a call of the factory itself that it does not accept."""
        if self.accepts_keywords:
            return ()
        known = {p.name for p in self.parameters if p.is_plain and p.kind != "positional-only"}
        return tuple(k.arg for k in keywords if k.arg is not None and k.arg not in known)

    def renames(
        self, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> dict[str, Parameter]:
        """The keywords of a call of the factory itself that it does not accept, but has another
        name for, which nothing else in the call can fill."""
        is_open = any(isinstance(a, ast.Starred) for a in arguments)
        given = [keyword.arg for keyword in keywords]
        if is_open or None in given:
            return {}
        by_place = [p.name for p in self.parameters if p.is_positional][: len(arguments)]
        found = {
            name: parameter
            for name in self.unaccepted(keywords)
            if (parameter := self.parameter_for(name)) is not None
            and parameter.kind != "positional-only"
            and parameter.name not in (*by_place, *given)
        }
        targets = [parameter.name for parameter in found.values()]
        return found if len(set(targets)) == len(targets) else {}

    def lacks(self, keyword: str) -> bool:
        """Whether the class has a parameter of this name and the factory nothing for it, but could
        have."""
        is_known = self.heeds_first or self.parameter_for(keyword) is not None
        return keyword in CLASS_PARAMETERS and not is_known

    def parameter_for(self, name: str) -> Parameter | None:
        """The parameter that stands for one of the class. What ``**kwargs`` takes is none of the
        factory's own, but has a name all the same."""
        own = self.receives.get(name, name if self.passes_keywords else None)
        for parameter in self.parameters:
            if parameter.name == own and parameter.is_plain:
                return parameter if name in self.receives else None
        if self.accepts_keywords and own is not None:
            return Parameter(own, "keyword-only", True)
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
