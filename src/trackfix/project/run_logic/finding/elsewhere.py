"""Runs that are picked from what a function of another module searches for."""

from __future__ import annotations

from collections.abc import Iterable

from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_logic.finding.search import FROM
from trackfix.project.run_logic.fragments import FileLogic, Fragment
from trackfix.project.run_logic.values.homes import home_of


class Elsewhere:
    """Completes picks by the searches of the functions that they ask."""

    def __init__(self, project: Project, resolver: Resolver, files: Iterable[FileLogic]) -> None:
        self._project = project
        self._resolver = resolver
        self._searches: dict[tuple[str, str], list[Fragment]] = {}
        for logic in files:
            for fragment in logic.fragments:
                if fragment.kind in ("find-run", "best-run", "list-runs", "clean-up"):
                    place = logic.path, fragment.function
                    self._searches.setdefault(place, []).append(fragment)

    def completed(self, fragment: Fragment) -> Fragment | None:
        """The same fragment, with what the function that it asks searches for; None if that is no
        function of the project that lists runs."""
        asked = next((mark for mark in fragment.marks if mark.startswith(FROM)), "")
        if not asked:
            return fragment
        module, _, name = asked.removeprefix(FROM).partition(":")
        path, function = home_of(self._project, self._resolver, fragment.path, module, name)
        found = self._searches.get((path, function), [])
        if len(found) != 1 or found[0].kind != "list-runs":
            return None
        search = found[0]
        return fragment._replace(
            terms=tuple(dict.fromkeys((*fragment.terms, *search.terms))),
            experiment=search.experiment,
            order=fragment.order or search.order,
            limit=fragment.limit or search.limit,
            marks=(f"through {path}:{function}",),
        )
