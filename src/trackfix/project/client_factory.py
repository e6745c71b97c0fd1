"""Which function of a project gives out MLflow clients: its client factory."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trackfix.project.client_files import files_with
from trackfix.project.client_returns import (
    Maker,
    find_makers,
    may_have_makers,
    read_maker,
    references,
)
from trackfix.project.client_signature import (
    CLASS_PARAMETERS,
    USUAL_PARAMETERS,
    Fit,
    Parameter,
    Signature,
)
from trackfix.project.clients import Clients, Construction
from trackfix.project.config import ConfigError
from trackfix.project.entry_blocks import does_work
from trackfix.project.meaning import CLASS_NAME, Meaning
from trackfix.project.project import Project
from trackfix.project.resolution import Resolver
from trackfix.project.results import Resolution
from trackfix.project.scopes import Scope, Use
from trackfix.project.test_paths import is_test_path
from trackfix.source.document import Document
from trackfix.source.errors import SourceError

LIBRARY_FACTORY = Meaning("trackfix.tracking", "create_mlflow_client")
_PLAIN = (ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set)
_LIBRARY_SIGNATURE = Signature(
    tuple(Parameter(name, "positional-or-keyword", True) for name in USUAL_PARAMETERS),
    {name: name for name in USUAL_PARAMETERS},
)


class ClientFactory(NamedTuple):
    """The function to get clients from.

    ``origin`` is ``configured``, ``project`` or ``library``. ``path`` is empty when its code is
    not in the project; ``span`` are the offsets of its definition there. ``signature`` is None
    when it is not known, and ``is_complete`` when it can't have more parameters than these.
    ``passes_on`` tells that a call equals a construction with the same arguments. ``inner`` are
    the places of the functions that construct for it. ``closed`` says why no parameter is to be
    added to it.
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
    inner: tuple[tuple[str, int, int], ...] = ()
    definition: Meaning = LIBRARY_FACTORY
    closed: str = ""

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
    def given(self) -> Collection[str]:
        """What the class may get from it that its caller did not give."""
        if self.signature is None:
            return CLASS_PARAMETERS
        return () if self.signature.is_open else self.signature.receives.keys()

    def fit(self, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Fit:
        """How the arguments of a construction can be given to it."""
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


@dataclass(frozen=True, eq=False)
class FactoryCall:
    """A call of the factory, under whatever name; offsets count characters of the document."""

    document: Document
    use: Use
    call: ast.Call
    scope: Scope

    @property
    def span(self) -> tuple[int, int]:
        """Where the call stands."""
        return self.document.span(self.call)

    @property
    def start(self) -> tuple[int, int]:
        """Line and column in the file, both from 1."""
        return self.document.place(self.span[0])

    @property
    def end(self) -> tuple[int, int]:
        """Line and column behind it."""
        return self.document.place(self.span[1])


def find_client_factory(project: Project, resolver: Resolver) -> ClientFactory:
    """The factory that the settings name, else the project's own, else the library's.

    Raises:
        ConfigError: the settings name a function that a module of the project does not have.
    """
    if project.known is not None and project.known.factory is not None:
        return project.known.factory
    clients = resolver.analysis(Clients)
    if project.config.client_factory:
        return _configured(project, resolver, clients)
    with project.facts.asked.by_name():
        makers = _makers(clients)
        is_choice = len(makers) > 1 or any(m.meaning.name.startswith("_") for m in makers)
        used = [(_count(clients, maker) if is_choice else (0, 0), maker) for maker in makers]
    able = [(count, maker) for count, maker in used if _can_serve(maker, count[1])]
    names = {maker.meaning.name for maker in makers}
    usable = [
        (count, maker) for count, maker in able if not _is_for_one_script(clients, maker, names)
    ]
    if not usable:
        return ClientFactory(
            LIBRARY_FACTORY.module,
            LIBRARY_FACTORY.name,
            "library",
            f"{able[0][1].path} would run if its function were imported"
            if able
            else "the project has no function of its own that returns a new MlflowClient",
            signature=_LIBRARY_SIGNATURE,
            passes_on=True,
        )
    usable.sort(
        key=lambda item: (
            _rank(item[1]),
            -item[0][0],
            not item[1].passes_on,
            not item[1].signature.mirrors_class,
            -len(item[1].signature.receives),
            item[1].meaning.module,
        )
    )
    (count, _), best = usable[0]
    evidence = "the project's only function that returns a new MlflowClient"
    if len(usable) > 1:
        others = ", ".join(
            f"{maker.meaning.module}:{maker.meaning.name} ({number})"
            for (number, _), maker in usable[1:4]
        )
        all_alike = len({_rank(maker) for _, maker in usable}) == 1
        which = "the one most used" if all_alike else "the one most used that can take its place"
        evidence = (
            f"of {len(usable)} functions that return a new MlflowClient {which}: "
            f"{count} references, against {others}"
        )
    return _from_maker(best, best.meaning, "project", evidence)


def find_factory_calls(clients: Clients, factory: ClientFactory, path: str) -> list[FactoryCall]:
    """The calls of the factory in one file, in the order of the text."""
    words = {factory.name, factory.definition.name}
    names = clients.file(path, words)
    if names is None:
        return []
    words |= {
        alias.asname
        for statement in names.scopes.statement_scopes
        if isinstance(statement, ast.ImportFrom)
        for alias in statement.names
        if alias.name in words and alias.asname
    }
    found = []
    for use in names.scopes.uses:
        call = use.parent
        outer = use.chain[-1] if use.chain else use.node
        is_call = isinstance(call, ast.Call) and call.func is outer and not use.quoted
        if not is_call or words.isdisjoint((use.name, *use.attributes)):
            continue
        if names.of_use(use) == (factory.definition, len(use.chain)):
            assert isinstance(call, ast.Call)
            found.append(FactoryCall(names.document, use, call, use.scope))
    return sorted(found, key=lambda item: item.span)


def _configured(project: Project, resolver: Resolver, clients: Clients) -> ClientFactory:
    module, _, name = project.config.client_factory.partition(":")
    evidence = "named by the setting client-factory"
    found = resolver.resolve(module, name)
    maker = _defined(project, clients, found)
    if maker is not None:
        return _from_maker(maker, Meaning(module, name), "configured", evidence)
    meaning = Meaning(module, name)
    known = _LIBRARY_SIGNATURE if meaning == LIBRARY_FACTORY else None
    wrong = _no_factory(clients, meaning, found)
    if wrong:
        raise ConfigError(f"pyproject.toml: [tool.trackfix] client-factory: {wrong}")
    return ClientFactory(
        module,
        name,
        "configured",
        evidence,
        signature=known,
        passes_on=known is not None,
        definition=meaning,
    )


def _no_factory(clients: Clients, asked: Meaning, found: Resolution) -> str:
    """Why what a setting names can't be a factory; empty if it may be one. What is outside of the
    project is taken on trust, if there is such a package at all."""
    if found.status == "missing" and clients.project.find(asked.module) is None:
        return f"there is no module {asked.module}"
    if found.status == "missing":
        return f"there is no '{asked.name}' in {asked.module}"
    if Meaning(found.module, found.name).is_client:
        return f"{asked.module}:{asked.name} is {CLASS_NAME} itself"
    if clients.project.find(asked.module) is None and not _is_known(clients.project, asked.module):
        return (
            f"nothing is known of a package {asked.module.partition('.')[0]}: it is not in the "
            f"project, not installed, and nothing here imports or requires it{_hint(clients)}"
        )
    if found.kind == "module" or _is_plain_value(clients, found):
        return f"{asked.module}:{asked.name} is no function"
    return ""


def _is_known(project: Project, module: str) -> bool:
    from trackfix.project.outside import is_known_outside

    top = module.partition(".")[0]
    return top == LIBRARY_FACTORY.module.partition(".")[0] or is_known_outside(project, top)


def _hint(clients: Clients) -> str:
    """Which functions of the project may have been meant."""
    homes = [f"'{m.meaning.module}:{m.meaning.name}'" for m in _makers(clients)]
    return f"; did you mean {' or '.join(homes[:3])}?" if homes else ""


def _is_plain_value(clients: Clients, found: Resolution) -> bool:
    """Whether a name only ever stands for a number, a text, a list, or the like."""
    names = clients.meanings.file(found.path) if found.path.endswith(".py") else None
    if names is None:
        return False
    nodes = [names.parents.get(n) for n in names.scopes.module.bindings.get(found.name, ())]
    return bool(nodes) and all(
        isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, _PLAIN)
        for node in nodes
    )


def _defined(project: Project, clients: Clients, found: Resolution) -> Maker | None:
    """The function that a name leads to, if it is one of the project."""
    if found.kind != "function" or not found.path.endswith(".py"):
        return None
    names = clients.meanings.file(found.path)
    if names is None:
        return None
    meaning = clients.meanings.definition(found.module, found.name, found.path)
    nodes = names.scopes.module.bindings.get(found.name, [])
    if not nodes or not isinstance(nodes[-1], ast.FunctionDef):
        return None
    own = (maker for maker in find_makers(names, {}, clients.words) if maker.meaning == meaning)
    # One that goes through others is known only when these are.
    every = (maker for maker in _makers(clients) if maker.meaning == meaning)
    return next(own, None) or next(every, None) or read_maker(names, nodes[-1], meaning)


def _from_maker(maker: Maker, asked: Meaning, origin: str, evidence: str) -> ClientFactory:
    return ClientFactory(
        asked.module,
        asked.name,
        origin,
        evidence,
        path=maker.path,
        line=maker.line,
        end_line=maker.line + (maker.node.end_lineno or maker.node.lineno) - maker.node.lineno,
        span=maker.span,
        signature=maker.signature,
        is_complete=True,
        passes_on=maker.passes_on,
        inner=tuple((inner.path, *inner.span) for inner in maker.chain),
        definition=maker.meaning,
    )


def _makers(clients: Clients) -> list[Maker]:
    """All functions at the top of importable modules that return a new client."""
    known: dict[tuple[str, str], Maker] = {}
    words: Collection[str] = clients.words
    while words:
        fresh = [
            maker
            for path in sorted(files_with(clients.project, words))
            if _may_define(clients.project, path, words)
            and (names := clients.meanings.file(path)) is not None
            for maker in find_makers(names, known, words)
            if (maker.meaning.module, maker.meaning.name) not in known
        ]
        known |= {(maker.meaning.module, maker.meaning.name): maker for maker in fresh}
        words = {maker.meaning.name for maker in fresh}
    return list(known.values())


def _may_define(project: Project, path: str, words: Collection[str]) -> bool:
    """Whether a factory can stand in a file: other code can import it, and it is no test."""
    is_importable = (
        path.endswith(".py")
        and not path.endswith("__main__.py")
        and not is_test_path(path)
        and project.facts.tells(path, "holds", "return ")
        and project.primary_name(path) is not None
    )
    try:
        return is_importable and may_have_makers(project.document(path), words)
    except SourceError:
        return False


def _count(clients: Clients, maker: Maker) -> tuple[int, int]:
    """The references to a maker in all files, and those in files other than its own."""
    inside = outside = 0
    for path in files_with(clients.project, (maker.meaning.name,)):
        names = clients.meanings.file(path)
        count = references(names, maker.meaning) if names is not None else 0
        if path == maker.path:
            inside += count
        else:
            outside += count
    return inside + outside, outside


def _is_for_one_script(clients: Clients, maker: Maker, makers: Collection[str]) -> bool:
    """Whether a function stands in a script that does its work when it is loaded, more than to call
    one of the ``makers``, and that no other file takes the function from."""
    if not does_work(clients.project.document(maker.path).tree, makers):
        return False
    with clients.project.facts.asked.by_name():
        return _count(clients, maker)[1] == 0


def _is_for_one_store(maker: Maker) -> bool:
    """Whether a function gives arguments of its own and takes none of those of the client."""
    return not maker.passes_on and not maker.signature.receives


def _rank(maker: Maker) -> int:
    """How far a function is from one that only makes clients, for whatever store."""
    return 2 if _is_for_one_store(maker) else int(maker.works)


def _can_serve(maker: Maker, outside: int) -> bool:
    """Whether a function can stand for the class everywhere: it needs nothing that constructions
    don't have, and it is not one file's own affair."""
    is_shared = not maker.meaning.name.startswith("_") or outside > 0
    needed = set(maker.signature.required)
    return is_shared and needed <= set(maker.signature.receives.values())
