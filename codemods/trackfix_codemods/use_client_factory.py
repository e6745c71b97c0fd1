"""Call the client factory wherever mlflow's client class is constructed.

The tests that patch the class in a module follow it. Where they do, all constructions of the module
change together with them, or none does; else each changes that can.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import chain
from typing import NamedTuple

from trackfix.project.clients.constructions import Clients
from trackfix.project.clients.doubles import Doubles
from trackfix.project.clients.factory import ClientFactory
from trackfix.project.clients.undefined import find_undefined
from trackfix.project.files_with_words import files_with
from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.test_reach import TestReach, fixture_files
from trackfix.project.meaning.file_names import FileNames
from trackfix.project.meaning.meaning import CLASS_MODULES, CLASS_NAME
from trackfix.project.modules.resolution import Resolver
from trackfix.project.modules.takers import names_taken_from
from trackfix.project.project import Project
from trackfix.project.references.moves import Moves
from trackfix.project.test_paths import is_test_path
from trackfix.rewrite.codemod import Proposal, Skipped
from trackfix.rewrite.notes import Notes
from trackfix.source.patterns import lazy_pattern
from trackfix_codemods.clients.groups import Group, make_group
from trackfix_codemods.clients.init_patches import find_init_patches
from trackfix_codemods.clients.instances import InstanceChecks
from trackfix_codemods.clients.judge import Judge
from trackfix_codemods.clients.keywords import keyword_edits
from trackfix_codemods.clients.loading import FactoryLoading
from trackfix_codemods.clients.places import Places
from trackfix_codemods.clients.reach import (
    can_import,
    goes_by_another_name,
    loads_late,
    runs,
    users,
)
from trackfix_codemods.clients.reference import Reference
from trackfix_codemods.clients.references import find_references
from trackfix_codemods.clients.requirement import missing_requirement
from trackfix_codemods.clients.sites import Site, construction_sites, mending_sites
from trackfix_codemods.clients.takeover import Takeover
from trackfix_codemods.imports.fallbacks import with_edits
from trackfix_codemods.imports.layout import ImportLayout

# What the text of a test that replaces one of mlflow's modules holds.
_REPLACED = lazy_pattern(rb"[\"'](?:mlflow|tracking|client)\b|\bmlflow\s*=")

_UNSAFE = "unsafe: "


@dataclass(frozen=True, slots=True)
class UseClientFactory:
    """The codemod ``use-client-factory``."""

    name: str = "use-client-factory"
    summary: str = "call the client factory wherever mlflow's client class is constructed"
    on_request: bool = True

    def propose(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> Proposal:
        """The project with every provable construction made a call of the factory."""
        return _Run(project, moves.resolver, unsafe, held).proposal()

    def left_alone(
        self, project: Project, moves: Moves, *, unsafe: bool, held: Mapping[str, str]
    ) -> list[Skipped]:
        """What a proposal would skip, without the proposal."""
        return _Run(project, moves.resolver, unsafe, held).judged().left_alone


class _Judged(NamedTuple):
    """What can change in which files, and what can't."""

    paths: list[str]
    groups: dict[str, Group]
    references: list[Reference]
    left_alone: list[Skipped]


class _Run:
    def __init__(
        self, project: Project, resolver: Resolver, unsafe: bool, held: Mapping[str, str]
    ) -> None:
        self.project = project
        self.resolver = resolver
        self.unsafe = unsafe
        self.held = held
        self.clients = resolver.analysis(Clients)
        self.takeover = Takeover(self.clients, resolver)
        self.graph = ImportGraph(project)
        self.tests = TestReach(project)
        # What notes have said of the requirements: once is enough.
        self.required: set[str] = set()
        # The files that name a fixture.
        self.asking: dict[str, frozenset[str]] = {}

    @property
    def factory(self) -> ClientFactory:
        return self.takeover.factory

    def proposal(self) -> Proposal:
        # Only here is it needed what puts imports into words.
        from trackfix_codemods.clients.edits import find_edits

        judged = self.judged()
        proposal = Proposal(skipped=judged.left_alone)
        edits = find_edits(judged.groups, judged.references, self.takeover)
        for path in judged.paths if self.unsafe else ():
            renamed = [] if path in self.held else keyword_edits(self.clients, self.factory, path)
            if renamed:
                edits.setdefault(path, []).extend(renamed)
        for path, found in sorted(edits.items()):
            document = self.project.document(path)
            rewritten = partial(with_edits, document, found)
            proposal.put(document, rewritten, len(found), notes=self.notes(judged.groups.get(path)))
        return proposal

    def notes(self, group: Group | None) -> Notes:
        """What an unsafe run changes a module in spite of, each at the first such place."""
        found: dict[str, int] = {}
        sites = group.sites if group is not None and not group.obstacle else ()
        for site in sorted(sites, key=lambda site: site.line):
            doubts = [self.doubts.get((site.path, site.line, site.text), ""), site.doubt]
            if not site.is_mend:
                doubts.append(self.factory.doubt)
            needed = missing_requirement(self.factory, site.path, self.resolver)
            if needed not in self.required:
                self.required.add(needed)
                doubts.append(needed)
            for doubt in filter(None, doubts):
                found.setdefault(doubt, site.line)
        # Where each construction is doubtful by itself, none of them tells this.
        lost = self.out_of_reach(sites[0].path) if sites and self.factory.path else ""
        if lost:
            found.setdefault(lost, min(site.line for site in sites))
        return tuple((line, doubt) for doubt, line in found.items())

    @cached_property
    def doubts(self) -> dict[tuple[str, int, str], str]:
        """What holds the constructions back in a safe run, for want of a proof: by file, line and
        text."""
        safe = _Run(self.project, self.resolver, False, self.held) if self.unsafe else None
        found = {}
        for path, line, reason in safe.judged().left_alone if safe is not None else ():
            text, _, why = reason.partition(": ")
            if _UNSAFE in why:
                found[path, line, text] = why.replace(_UNSAFE, "")
        return found

    def judged(self) -> _Judged:
        paths = list(files_with(self.project, self.takeover.words))
        left_alone: list[Skipped] = []
        if self.unsafe and self.factory.path not in self.held:
            self.takeover.widen(paths)
            left_alone += self.takeover.left_alone
        groups = self.groups(paths)
        references = self.references(groups)
        self.judge(groups, references)
        for group in groups.values():
            left_alone += _left_alone(group)
        return _Judged(paths, groups, references, sorted(left_alone))

    # The modules

    def groups(self, paths: Iterable[str]) -> dict[str, Group]:
        """The modules with something to change."""
        groups: dict[str, Group] = {}
        loading = FactoryLoading(self.factory, self.graph, self.resolver)
        for path in paths:
            names = self.clients.file(path, self.takeover.words)
            found = self.takeover.constructions(path)
            undefined = []
            if self.unsafe:
                undefined = find_undefined(self.clients, path, (CLASS_NAME, self.factory.name))
            if names is None or not (found or undefined):
                continue
            sites = [
                *construction_sites(
                    names, found, self.factory, self.taken_names(path), unsafe=self.unsafe
                ),
                *mending_sites(names, undefined, self.factory),
            ]
            group = self.group(names, sites)
            if path in self.held:
                group.obstacle = f"the file is held back: {self.held[path]}"
            elif goes_by_another_name(self.project, path, self.factory.module, self.factory.path):
                group.obstacle = f"it imports the package of {self.factory.module} by another name"
            elif not self.factory.is_found_from(path, self.project):
                group.obstacle = "an import of the factory would find another file here"
            elif not self.unsafe and (lost := self.out_of_reach(path)):
                group.obstacle = f"{_UNSAFE}{lost}"
            elif not self.unsafe and (effect := loading.problem(path)):
                group.obstacle = f"unsafe: {effect}"
            if sites:
                groups[path] = group
        return groups

    def group(self, names: FileNames, sites: list[Site]) -> Group:
        """The sites of one file, before anything is known of what others do with it."""
        layout = ImportLayout(
            names.document,
            names.parents,
            lambda top: self.project.find(top, names.path) is not None,
        )
        places = Places(names, self.factory, self.graph, layout, unsafe=self.unsafe)
        return make_group(names, sites, places)

    def out_of_reach(self, path: str) -> str:
        """Why a file may lack the factory."""
        if can_import(self.resolver, self.graph, path, self.factory.path):
            return ""
        return f"it may not be able to import {self.factory.module}"

    def taken_names(self, path: str) -> Callable[[str], bool]:
        """Tells whether other files import a name from a file."""
        exports = self.project.facts[path].exports
        taken = cache(lambda: names_taken_from(self.project, path).keys())

        def is_taken(word: str) -> bool:
            listed = exports is not None and word in exports.names
            return listed or word in taken() or "*" in taken()

        return is_taken

    def references(self, groups: dict[str, Group]) -> list[Reference]:
        """Who names what the modules hold, or mlflow's class in mlflow."""
        wanted: dict[str, set[str]] = {module: {CLASS_NAME} for module in CLASS_MODULES}
        for path, group in groups.items():
            words = {*group.own, *group.aliases, group.places.local}
            wanted.setdefault(path, set()).update(words)
            for module, name in group.origins | group.first_origins:
                wanted.setdefault(module, set()).add(name)
        for place in (self.takeover.lookup(), self.takeover.home):
            if place is not None:
                wanted.setdefault(place[0], set()).add(place[1])
        return find_references(self.clients, wanted) if groups else []

    def judge(self, groups: dict[str, Group], references: list[Reference]) -> None:
        """Give an obstacle to each group that can't change as a whole."""
        judge = Judge(
            groups,
            references,
            self.takeover.lookup(),
            self.held,
            home=self.takeover.home,
            sources=self.takeover.sources(),
            init_patches=list(find_init_patches(self.clients)) if groups else [],
            is_reached=self.is_reached,
            meets=self.meets,
            is_first=self.is_first,
            loads_anew=self.loads_anew,
            knows=self.knows,
            asks_for_class=InstanceChecks(self.clients).place,
            given=self.factory.given,
            unsafe=self.unsafe,
        )
        patching = {r.path for r in references if r.may_replace}
        mends: dict[str, Group] = {}
        for path, group in groups.items():
            if group.obstacle:
                continue
            reaching = frozenset(p for p in patching if runs(self.project, self.graph, p, path))
            judge.judge(group, reaching)
            group.obstacle = group.obstacle or self.replaced(group)
            if group.obstacle and any(site.is_mend for site in group.sites):
                mends[path] = self.only_mends(group)
                judge.judge(mends[path], reaching)
        changed = True
        while changed:
            changed = False
            for group in groups.values():
                stuck = next((p for p in group.needs if groups[p].obstacle), None)
                if stuck is not None and not group.obstacle:
                    group.obstacle = f"{group.needs[stuck]} uses it and can't change"
                    changed = True
        groups.update((path, group) for path, group in mends.items() if not group.obstacle)

    def only_mends(self, group: Group) -> Group:
        """The undefined names of a module whose constructions can't change: what fails so far has
        no double that could be lost."""
        found = self.group(group.names, [site for site in group.sites if site.is_mend])
        others = (site for site in group.sites if not site.is_mend)
        found.staying += (replace(site, obstacle=group.obstacle) for site in others)
        found.staying += group.staying
        return found

    def replaced(self, group: Group) -> str:
        """Where a test gives a module another mlflow, in which the factory may not look."""
        # An attribute of a module that is loaded is there whatever sys.modules holds.
        by_attribute = self.takeover.goes_by_attribute or any(
            isinstance(site.target, ast.Attribute) for site in group.sites
        )
        if self.unsafe or (self.takeover.lookup() in group.origins and not by_attribute):
            return ""
        for path, line in self.doubles:
            if runs(self.project, self.graph, path, group.path):
                return f"unsafe: {path}:{line} puts a double in the place of mlflow"
        return ""

    @cached_property
    def doubles(self) -> list[tuple[str, int]]:
        """Where tests put doubles in the place of mlflow's modules: file and line."""
        found = []
        for path in files_with(self.project, ("mlflow",)):
            may_be = is_test_path(path) and _REPLACED.search(self.project.read(path))
            names = self.clients.meanings.file(path) if may_be else None
            if names is not None:
                found += [(path, names.line(node)) for node in Doubles(names).modules]
        return found

    def is_reached(self, patch: Reference, path: str) -> bool:
        """Whether the code of a file may run while a patch holds. One in a fixture does for those
        who ask for the fixture."""
        part = patch.part
        is_fixture = patch.path.endswith("conftest.py") and isinstance(part, ast.FunctionDef)
        if not is_fixture or b"autouse" in self.project.read(patch.path):
            return runs(self.project, self.graph, patch.path, path)
        assert isinstance(part, ast.FunctionDef)
        if part.name not in self.asking:
            self.asking[part.name] = frozenset(files_with(self.project, (part.name,)))
        users = self.asking[part.name] - {patch.path}
        return any(runs(self.project, self.graph, user, path) for user in users)

    def meets(self, patch: Reference, path: str, lines: Collection[int]) -> bool:
        """Whether some lines of a file may run while a patch holds."""
        return (
            bool(lines)
            and self.is_reached(patch, path)
            and self.tests.may_run(patch.path, patch.line, path, lines)
        )

    def is_first(self, patch: Reference) -> bool:
        """Whether nothing has loaded the factory for sure before a patch holds."""
        before = (patch.path, *fixture_files(self.project, patch.path))
        return all(self.factory.path not in self.graph.reachable(path) for path in before)

    def loads_anew(self, patch: Reference, path: str) -> bool:
        """Whether a file may be loaded while a patch holds."""
        return loads_late(self.project, self.graph, patch, path)

    def knows(self, path: str, word: str) -> bool:
        """Whether a file of the tests, one with fixtures for it, or a test that it may help, names
        something by a word."""
        pattern = re.compile(rb"\b" + re.escape(word).encode() + rb"\b")
        helped = users(self.project, self.graph, path)
        return any(
            pattern.search(self.project.read(file)) is not None
            for file in chain(helped, fixture_files(self.project, path))
        )


def _left_alone(group: Group) -> Iterator[Skipped]:
    """What is left as it is in a module, and why."""
    for site in group.staying:
        yield Skipped(site.path, site.line, f"{site.text}: {site.obstacle}")
    for site in group.sites if group.obstacle else ():
        yield Skipped(site.path, site.line, f"{site.text}: {group.obstacle}")


CODEMOD = UseClientFactory()
