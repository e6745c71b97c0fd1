"""Which copies a call of the source of truth can stand for, and what it changes."""

from __future__ import annotations

from trackfix.project.loading.cycles import ImportGraph
from trackfix.project.loading.entry_blocks import does_work
from trackfix.project.meaning.meanings import Meanings
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_logic.groups.group import Copy
from trackfix.project.run_logic.replacing.judge import Judge
from trackfix.project.run_logic.replacing.not_plain import NotPlain
from trackfix.project.run_logic.replacing.plain_shapes import Shapes
from trackfix.project.run_logic.replacing.plain_sources import Source, read_source
from trackfix.project.run_logic.replacing.replacement import Replacement


class Replacements:
    """Judges the copies of one project."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._meanings = Meanings(project, resolver)
        self._graph = ImportGraph(project)
        self._sources: dict[tuple[str, int, int], Source | NotPlain] = {}

    def of(self, copy: Copy) -> Replacement:
        """The call that does what a copy does.

        Raises:
            NotPlain: there is none, or not in all likelihood; with the reason.
        """
        if copy.fragment.kind not in ("find-run", "create-run", "resolve-experiment"):
            raise NotPlain("there is no plain shape of it")
        names = self._meanings.file(copy.fragment.path)
        if names is None or copy.step is None:
            raise NotPlain(f"{copy.truth.home} is not in the project")
        source = self._source(copy)
        self._check_import(copy.fragment.path, copy.step.path)
        return Judge(self._project, self._graph, Shapes(names), copy, source).replacement()

    def _check_import(self, path: str, home: str) -> None:
        """See that an import of the source of truth does not run a script."""
        is_loaded = home in self._graph.reachable(path)
        if not is_loaded and does_work(self._project.document(home).tree, ()):
            raise NotPlain(f"{home} would run if it were imported")

    def _source(self, copy: Copy) -> Source:
        step = copy.step
        assert step is not None
        key = (step.path, step.line, step.column)
        if key not in self._sources:
            names = self._meanings.file(step.path)
            try:
                if names is None or "." in copy.truth.name or step.function != copy.truth.name:
                    raise NotPlain("it leaves the steps to another function")
                self._sources[key] = read_source(Shapes(names), step)
            except NotPlain as error:
                self._sources[key] = NotPlain(f"{copy.truth.name}: {error}")
        found = self._sources[key]
        if isinstance(found, NotPlain):
            raise found
        return found
