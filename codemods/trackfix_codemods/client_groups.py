"""All sites of one module: what can change, changes as one."""

from __future__ import annotations

from dataclasses import dataclass, field

from trackfix.project.client_names import FileNames
from trackfix.source.document import Edit
from trackfix_codemods.client_places import Places
from trackfix_codemods.client_sites import Site

Lookup = tuple[str, str]


@dataclass(eq=False)
class Group:
    """The sites of one file, and what must change with them.

    ``following`` are the edits of other files. ``needs`` are files whose own sites must change as
    well. ``obstacle`` says what stands in the way of all of it.
    """

    names: FileNames
    sites: list[Site]
    places: Places
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
    def aliases(self) -> set[str]:
        """The names of the module that will mean the factory instead of the class."""
        return {site.alias for site in self.sites if site.alias}


def is_stuck(group: Group) -> bool:
    """Whether something stands in the way of a group."""
    return bool(group.obstacle) or any(site.obstacle for site in group.sites)
