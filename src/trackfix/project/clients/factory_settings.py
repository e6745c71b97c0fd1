"""The client factory that the settings of a project name."""

from __future__ import annotations

import ast

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import LIBRARY_FACTORY, LIBRARY_SIGNATURE, ClientFactory
from trackfix.project.clients.maker import Maker
from trackfix.project.clients.makers import all_makers, factory_of
from trackfix.project.clients.returns import find_makers, read_maker
from trackfix.project.facts.expressions import dotted
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_NAME, Meaning
from trackfix.project.modules.resolution import Resolver
from trackfix.project.modules.results import Resolution
from trackfix.project.project import Project
from trackfix.project.settings.config import ConfigError
from trackfix.source.syntax_index import own_nodes

_MANAGERS = frozenset({"asynccontextmanager", "contextmanager"})
_PLAIN = (ast.Constant, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set)


def configured_factory(project: Project, resolver: Resolver, clients: Clients) -> ClientFactory:
    """The factory that the settings name.

    Raises:
        ConfigError: a module of the project does not have that function.
    """
    module, _, name = project.config.client_factory.partition(":")
    evidence = "named by the setting client-factory"
    found = resolver.resolve(module, name)
    meaning = Meaning(module, name)
    wrong = _no_factory(clients, meaning, found)
    if wrong:
        raise ConfigError(f"pyproject.toml: [tool.trackfix] client-factory: {wrong}")
    instead = _given_instead(clients, found)
    maker = _defined(clients, found) if not instead else None
    if maker is not None:
        return factory_of(maker, meaning, "configured", evidence)
    known = LIBRARY_SIGNATURE if meaning == LIBRARY_FACTORY else None
    spans = _spans(clients, found)
    if spans:
        meaning = clients.meanings.definition(found.module, found.name, found.path)
    return ClientFactory(
        module,
        name,
        "configured",
        evidence,
        signature=known,
        passes_on=known is not None,
        # What a class or a lambda constructs is its own affair as well.
        inner=tuple((found.path, *span) for span in spans),
        definition=meaning,
        instead=instead,
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
    from trackfix.project.modules.outside import is_known_outside

    top = module.partition(".")[0]
    return top == LIBRARY_FACTORY.module.partition(".")[0] or is_known_outside(project, top)


def _hint(clients: Clients) -> str:
    """Which functions of the project may have been meant."""
    homes = [f"'{m.meaning.module}:{m.meaning.name}'" for m in all_makers(clients)]
    return f"; did you mean {' or '.join(homes[:3])}?" if homes else ""


def _bound(clients: Clients, found: Resolution) -> tuple[FileNames | None, list[ast.AST]]:
    """The file that a name leads to, and what binds the name there."""
    names = clients.meanings.file(found.path) if found.path.endswith(".py") else None
    return names, names.scopes.module.bindings.get(found.name, []) if names is not None else []


def _is_plain_value(clients: Clients, found: Resolution) -> bool:
    """Whether a name only ever stands for a number, a text, a list, or the like."""
    names, bound = _bound(clients, found)
    nodes = [names.parents.get(node) for node in bound] if names is not None else []
    return bool(nodes) and all(
        isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, _PLAIN)
        for node in nodes
    )


def _given_instead(clients: Clients, found: Resolution) -> str:
    """What a function of the project gives that certainly is no client, such as one that has to be
    awaited or entered first; empty if it may be one. What decorators make of it can't be told."""
    node = next(reversed(_bound(clients, found)[1]), None)
    if isinstance(node, ast.ClassDef) and not (node.bases or node.keywords or node.decorator_list):
        return "an object of that class"
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return ""
    decorators = [dotted(decorator) or "" for decorator in node.decorator_list]
    if any(name.rpartition(".")[2] in _MANAGERS for name in decorators):
        return "a context manager"
    if decorators:
        return ""
    if any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in own_nodes(node.body)):
        return "a generator"
    return "a coroutine" if isinstance(node, ast.AsyncFunctionDef) else ""


def _spans(clients: Clients, found: Resolution) -> list[tuple[int, int]]:
    """Where the statements stand that define what a name leads to, if it is of the project."""
    names, bound = _bound(clients, found)
    if names is None:
        return []
    return [names.document.span(names.statement(node)) for node in bound]


def _defined(clients: Clients, found: Resolution) -> Maker | None:
    """The function that a name leads to, if it is one of the project."""
    names, nodes = _bound(clients, found)
    if found.kind != "function" or names is None:
        return None
    meaning = clients.meanings.definition(found.module, found.name, found.path)
    if not nodes or not isinstance(nodes[-1], ast.FunctionDef):
        return None
    own = (maker for maker in find_makers(names, {}, clients.words) if maker.meaning == meaning)
    # One that goes through others is known only when these are.
    every = (maker for maker in all_makers(clients) if maker.meaning == meaning)
    return next(own, None) or next(every, None) or read_maker(names, nodes[-1], meaning)
