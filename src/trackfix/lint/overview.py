"""Everything that the page for a team's meeting shows of a project, gathered in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trackfix.lint.outcome import Outcome
from trackfix.lint.report_data import FileChange, RuleInfo
from trackfix.lint.selection import RuleOptions
from trackfix.lint.session import Session
from trackfix.project.inventory import InventoryEntry, take_inventory
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Problem, Project
from trackfix.project.references.moves import Moves
from trackfix.project.run_logic.catalogue import Catalogue
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.shims.graph import ShimGraph, ShimImports
from trackfix.rewrite.codemod import default_codemods
from trackfix.rewrite.plan import Plan, PlannedFile, make_plan
from trackfix.source.text import decode


@dataclass(frozen=True, slots=True)
class Overview:
    """A project as the commands see it: ``entries`` are those of ``scan``, ``outcome`` is that of
    ``lint`` with the enabled ``rules`` by code, ``catalogue`` that of ``scan --duplicates``, and
    ``plan`` that of ``apply`` with the same ``changes`` as text. ``files`` counts the files by
    kind, unreadable ones included; ``problems`` are those. ``before`` and ``after`` are the imports
    around the shims as they are, and as the plan would leave them.
    """

    name: str
    files: Mapping[str, int]
    problems: tuple[Problem, ...]
    entries: tuple[InventoryEntry, ...]
    outcome: Outcome
    rules: Mapping[str, RuleInfo]
    catalogue: Catalogue
    plan: Plan
    changes: tuple[FileChange, ...]
    before: ShimGraph
    after: ShimGraph

    @property
    def edits(self) -> Mapping[str, int]:
        """The number of edits of each codemod of the plan, in the order in which they run."""
        found: Counter[str] = Counter()
        for file in self.plan.files:
            found.update(dict(file.edits_by))
        return found


def take_overview(project: Project, step: Callable[[int, int], None] | None = None) -> Overview:
    """Look at a project that has been read. Nothing is written, and no cache is used; ``step`` is
    told the files that are linted and the files in all.

    Raises:
        RuleError: the installed rules can't be used.
        ConfigError: a setting can't be used.
        SourceError: a file that is to be changed can't be read any more.
    """
    # A project of its own: what a rule sees depends on which files have been read before.
    session = Session(project.root, RuleOptions(), cached=False)
    outcome = session.check(step)
    listing = project.listing
    plan = make_plan(project, default_codemods())
    entries = take_inventory(project)
    resolver = Resolver(project)
    imports = ShimImports(Moves(project, resolver, (entry.module for entry in entries)))
    edited = project.overlaid({file.path: file.after for file in plan.files})
    return Overview(
        name=project.root.name or str(project.root),
        files={
            "Python file": len(listing.python),
            "stub file": len(listing.stubs),
            "notebook": len(listing.notebooks),
        },
        problems=tuple(project.problems),
        entries=tuple(entries),
        outcome=outcome,
        rules=session.rules(),
        catalogue=Catalogue(resolver.analysis(Duplicates)),
        plan=plan,
        changes=tuple(_as_text(file) for file in plan.files),
        before=imports.graph(project),
        after=imports.graph(edited),
    )


def _as_text(file: PlannedFile) -> FileChange:
    after = None if file.after is None else decode(file.after).text
    return FileChange(file.path, decode(file.before).text, after, file.codemods)
