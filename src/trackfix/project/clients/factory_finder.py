"""Which function of a project gives out MLflow clients: its client factory."""

from __future__ import annotations

from collections.abc import Collection

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.factory import LIBRARY_FACTORY, LIBRARY_SIGNATURE, ClientFactory
from trackfix.project.clients.factory_settings import configured_factory
from trackfix.project.clients.maker import Maker
from trackfix.project.clients.makers import References, all_makers, count_references, factory_of
from trackfix.project.loading.entry_blocks import does_work
from trackfix.project.meaning.meaning import Meaning
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project


def find_client_factory(project: Project, resolver: Resolver) -> ClientFactory:
    """The factory that the settings name, else the project's own, else the library's.

    Raises:
        ConfigError: the settings name a function that a module of the project does not have.
    """
    if project.known is not None and project.known.factory is not None:
        return project.known.factory
    clients = resolver.analysis(Clients)
    if project.config.client_factory:
        return configured_factory(project, resolver, clients)
    with project.facts.asked.by_name():
        makers = all_makers(clients)
        is_choice = len(makers) > 1 or any(m.meaning.name.startswith("_") for m in makers)
        used = [
            (count_references(clients, maker) if is_choice else References(), maker)
            for maker in makers
        ]
    able = [(count, maker) for count, maker in used if _can_serve(maker, count.elsewhere)]
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
            signature=LIBRARY_SIGNATURE,
            passes_on=True,
        )
    usable.sort(
        key=lambda item: (
            _rank(item[1]),
            -item[0].in_code,
            not _can_do_both(item[1]),
            not item[1].passes_on,
            not item[1].signature.mirrors_class,
            -len(item[1].signature.receives),
            item[1].meaning.module,
        )
    )
    count, best = usable[0]
    evidence = "the project's only function that returns a new MlflowClient"
    if len(usable) > 1:
        others = ", ".join(
            f"{maker.meaning.module}:{maker.meaning.name} ({number.in_code})"
            for number, maker in usable[1:4]
        )
        all_alike = len({_rank(maker) for _, maker in usable}) == 1
        which = "the one most used" if all_alike else "the one most used that can take its place"
        evidence = (
            f"of {len(usable)} functions that return a new MlflowClient {which}: "
            f"{count.in_code} references outside of tests, against {others}"
        )
    return factory_of(best, _as_imported(clients.project, best), "project", evidence)


def _as_imported(project: Project, maker: Maker) -> Meaning:
    """A maker by the name that most files import its file by: where one script puts a folder into
    ``sys.path``, the files in it have another name, which is nothing to all others."""
    names = project.names_of(maker.path)
    if len(names) < 2:
        return maker.meaning
    module = max(names, key=lambda name: len(project.may_import((name,))))
    return Meaning(module, maker.meaning.name)


def _is_for_one_script(clients: Clients, maker: Maker, makers: Collection[str]) -> bool:
    """Whether a function stands in a script that does its work when it is loaded, more than to call
    one of the ``makers``, and that no other file takes the function from."""
    if not does_work(clients.project.document(maker.path).tree, makers):
        return False
    with clients.project.facts.asked.by_name():
        return count_references(clients, maker).elsewhere == 0


def _rank(maker: Maker) -> int:
    """How far a function is from one that only makes clients, for whatever store."""
    return 2 if maker.is_for_one_store else int(maker.works)


def _can_do_both(maker: Maker) -> bool:
    """Whether a function can be called with an address and without one."""
    return bool(maker.signature.receives) and not maker.signature.required


def _can_serve(maker: Maker, outside: int) -> bool:
    """Whether a function can stand for the class everywhere: it needs nothing that constructions
    don't have, and it is not one file's own affair."""
    is_shared = not maker.meaning.name.startswith("_") or outside > 0
    needed = set(maker.signature.required)
    return is_shared and needed <= set(maker.signature.receives.values())
