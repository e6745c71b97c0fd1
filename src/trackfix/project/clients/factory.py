"""What is known of the function of a project that gives out MLflow clients: its client factory."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from typing import NamedTuple

from trackfix.project.clients.constructions import Construction
from trackfix.project.clients.signature import (
    CLASS_PARAMETERS,
    USUAL_PARAMETERS,
    Fit,
    Parameter,
    Signature,
)
from trackfix.project.meaning.meaning import CLASS_NAME, Meaning
from trackfix.project.project import Project

LIBRARY_FACTORY = Meaning("trackfix.tracking", "create_mlflow_client")
LIBRARY_SIGNATURE = Signature(
    tuple(Parameter(name, "positional-or-keyword", True) for name in USUAL_PARAMETERS),
    {name: name for name in USUAL_PARAMETERS},
)


class ClientFactory(NamedTuple):
    """The function to get clients from.

    ``origin`` is ``configured``, ``project`` or ``library``. ``path`` is empty when its code is
    not in the project; ``span`` are the offsets of its definition there. ``signature`` is None
    when it is not known, and ``is_complete`` when it can't have more parameters than these.
    ``passes_on`` tells that a call equals a construction with the same arguments, ``keeps`` that
    calls may share a client. ``inner`` are the places of the functions that construct for it.
    ``closed`` says why no parameter is to be added to it, ``instead`` what a call gives if that is
    certainly no client.
    """

    module: str
    name: str
    origin: str
    evidence: str
    path: str = ""
    line: int = 0
    end_line: int = 0
    span: tuple[int, int] = (0, 0)
    signature: Signature | None = None
    is_complete: bool = False
    passes_on: bool = False
    keeps: bool = False
    inner: tuple[tuple[str, int, int], ...] = ()
    definition: Meaning = LIBRARY_FACTORY
    closed: str = ""
    instead: str = ""

    @property
    def home(self) -> str:
        """``module:name``."""
        return f"{self.module}:{self.name}"

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters in their order; empty when they are not known."""
        return self.signature.parameters if self.signature else ()

    @property
    def accepts_positional(self) -> bool:
        """Whether it has ``*args``."""
        return self.signature is not None and self.signature.accepts_positional

    @property
    def accepts_keywords(self) -> bool:
        """Whether it has ``**kwargs``."""
        return self.signature is not None and self.signature.accepts_keywords

    @property
    def is_safe(self) -> bool:
        """Whether a call in the place of a construction keeps all behaviour."""
        return self.passes_on and self.origin != "library"

    @property
    def doubt(self) -> str:
        """Why a call of it may do something else than a construction; empty if it can't."""
        if self.is_safe:
            return ""
        if self.origin == "library":
            return f"the project has no factory of its own, {self.home} would be called"
        if self.keeps:
            return f"{self.home} keeps its client, which what calls it would share"
        return f"nothing proves that {self.home} does no more than to pass on its arguments"

    @property
    def given(self) -> Collection[str]:
        """What the class may get from it that its caller did not give."""
        if self.signature is None:
            return CLASS_PARAMETERS
        return () if self.signature.is_open else self.signature.receives.keys()

    def is_found_from(self, path: str, project: Project) -> bool:
        """Whether an import of the factory in a file would find it, as far as names tell: not in
        a service beside that of the factory whose package has the same name."""
        return not self.path or project.leads_to(self.module, self.path, path)

    def fit(self, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Fit:
        """How the arguments of a construction can be given to it."""
        if self.instead:
            return Fit(obstacle=f"a call of {self.home} gives {self.instead}, no {CLASS_NAME}")
        if self.signature is None:
            return Fit(obstacle=f"the parameters of {self.home} are not known")
        found = self.signature.fit(arguments, keywords)
        if found.refused and self.closed:
            return found._replace(obstacle=f"{found.obstacle}: {self.closed}")
        return found

    def holds(self, construction: Construction) -> bool:
        """Whether a construction is what the factory itself does."""
        start, end = construction.span
        return any(
            path == construction.path and first <= start and end <= last
            for path, first, last in self.inner
        )
