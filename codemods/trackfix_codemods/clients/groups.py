"""All sites of one module: what can change, changes with the tests that patch it."""

from __future__ import annotations

from dataclasses import dataclass, field

from trackfix.project.meaning.file_names import FileNames
from trackfix.source.document import Edit
from trackfix_codemods.clients.places import Places
from trackfix_codemods.clients.sites import Site

Lookup = tuple[str, str]


@dataclass(eq=False)
class Group:
    """The sites of one file that can change, and what must change with them.

    ``staying`` are those that can't. ``following`` are the edits of other files. ``needs`` are
    files whose own sites must change as well. ``obstacle`` says what stands in the way of all.
    """

    names: FileNames
    sites: list[Site]
    places: Places
    staying: list[Site] = field(default_factory=list)
    following: list[tuple[str, Edit]] = field(default_factory=list)
    needs: dict[str, str] = field(default_factory=dict)
    obstacle: str = ""

    @property
    def path(self) -> str:
        """The file."""
        return self.names.path

    @property
    def own(self) -> dict[str, bool]:
        """The names of the module by which the class is looked up, and whether each means the
        class itself, not a module that has it."""
        return {site.word: site.whole for site in self.sites if site.word}

    @property
    def origins(self) -> set[Lookup]:
        """Where else a run looks the class up."""
        return {site.origin for site in self.sites if site.origin is not None}

    @property
    def first_origins(self) -> set[Lookup]:
        """Where the class is looked up only when the module is loaded."""
        return {site.first_origin for site in self.sites if site.first_origin is not None}

    @property
    def aliases(self) -> set[str]:
        """The names of the module that will mean the factory instead of the class."""
        return {site.alias for site in self.sites if site.alias}


def make_group(names: FileNames, sites: list[Site], places: Places) -> Group:
    """The group of one file, with a place for the import of each site that can change."""
    _stick_together(sites)
    places.find(sites)
    # A place that was found for a site that can't change after all would bind a name in vain.
    culprits = _stick_together(sites)
    group = Group(
        names,
        [site for site in sites if not site.obstacle],
        places,
        [site for site in sites if site.obstacle],
    )
    if culprits:
        group.obstacle = _together(culprits[0])
    return group


def _stick_together(sites: list[Site]) -> list[Site]:
    """Let sites with the same target share their obstacles: ``C = MlflowClient`` is changed for
    all calls of ``C``. The sites that stand in the way of others come back."""
    stuck = {id(site.target): site for site in sites if site.obstacle}
    held = [site for site in sites if not site.obstacle and id(site.target) in stuck]
    for site in held:
        site.obstacle = _together(stuck[id(site.target)])
    return [stuck[id(site.target)] for site in held]


def _together(culprit: Site) -> str:
    where = f"{culprit.path}:{culprit.line}"
    return f"it changes together with {where}, which can't: {culprit.obstacle}"
