"""The functions of a project that return new MLflow clients, and how often they are used."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import NamedTuple

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.maker import Maker
from trackfix.project.clients.returns import find_makers, may_have_makers
from trackfix.project.files_with_words import files_with
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.project import Project
from trackfix.project.test_paths import is_test_path
from trackfix.source.errors import SourceError


def all_makers(clients: Clients) -> list[Maker]:
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


class References(NamedTuple):
    """The number of references to a maker in files that are no tests, and in those, tests
    included, that are not its own."""

    in_code: int = 0
    elsewhere: int = 0


def count_references(clients: Clients, maker: Maker) -> References:
    """How often a maker is referred to."""
    in_code = elsewhere = 0
    for path in files_with(clients.project, (maker.meaning.name,)):
        names = clients.meanings.file(path)
        count = _references(names, maker.meaning) if names is not None else 0
        in_code += 0 if is_test_path(path) else count
        elsewhere += 0 if path == maker.path else count
    return References(in_code, elsewhere)


def _references(names: FileNames, meaning: Meaning) -> int:
    """How often a file imports a definition or reads it."""
    imported = [
        alias
        for statement in names.scopes.statement_scopes
        if isinstance(statement, ast.ImportFrom) and (target := names.target(statement))
        for alias in statement.names
        if alias.name == meaning.name
        and names.meanings.member(target, alias.name, names.path) == meaning
    ]
    aliases = {alias.asname for alias in imported if alias.asname}
    names.meanings.project.facts.asked.note_words(alias.encode() for alias in aliases)
    words = {meaning.name, *aliases}
    read = [
        use
        for use in names.scopes.uses
        if not words.isdisjoint((use.name, *use.attributes)) and names.of_use(use)[0] == meaning
    ]
    return len(imported) + len(read)


def factory_of(maker: Maker, asked: Meaning, origin: str, evidence: str) -> ClientFactory:
    """A maker as the client factory that is ``asked`` for by this name."""
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
        keeps=maker.keeps,
        inner=tuple((inner.path, *inner.span) for inner in maker.chain),
        definition=maker.meaning,
    )
