"""The catalogue of copies for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from trackfix.report.lint.words import many

if TYPE_CHECKING:
    from trackfix.project.run_logic.duplicates import Copy, Group

TITLES = {
    "find-run": "Finding a run",
    "create-run": "Creating a run",
    "resolve-experiment": "Getting or creating an experiment",
    "build-tags": "Building tags",
    "read-tag": "Reading a hash from tags",
}


def render(groups: Sequence[Group]) -> str:
    """All groups with their copies, and what would go in all."""
    if not groups:
        return "No run logic is written more than once."
    lines = [line for group in groups for line in (*_group(group), "")]
    copies = sum(len(group.copies) for group in groups)
    total = sum(group.lines_to_go for group in groups)
    return "\n".join([*lines, f"{many(copies, 'place')}, about {many(total, 'line')} to go."])


def _group(group: Group) -> Iterator[str]:
    truth = group.truth
    place = f"  {truth.path}:{truth.first}-{truth.last}" if truth.path else ""
    yield f"{TITLES[group.kind]}: {truth.home}{place}"
    yield f"  chosen because {truth.chosen}"
    for copy in group.copies:
        yield from _copy(copy)


def _copy(copy: Copy) -> Iterator[str]:
    fragment, step = copy.fragment, copy.step
    where = fragment.function or "the module's own body"
    yield f"  {fragment.path}:{fragment.first}-{fragment.last}  {where}  ({copy.score:.2f})"
    yield f"    same steps  {' → '.join(dict.fromkeys(part.text for part in fragment.steps))}"
    if step is not None:
        yield f"    its step    {step.path}:{step.first}-{step.last}"
    if copy.differs:
        yield f"    differs     {'; '.join(copy.differs)}"
