"""What is said of a change, with the line that it is said of."""

from __future__ import annotations

from typing import TypeAlias

from trackfix.project.project import Project
from trackfix.source.text import split_lines

Notes: TypeAlias = tuple[tuple[int, str], ...]


def by_first_lines(notes: Notes, path: str, first: Project, now: Project) -> Notes:
    """Notes of a file with lines as it is ``now``, by the lines that these ``first`` were. A new
    line has the number of the one in whose place it is, or before which it was put."""
    if not notes or first is now:
        return notes
    lines = _first_lines(_lines(first, path), _lines(now, path))
    return tuple((lines[line - 1], note) for line, note in notes)


def _lines(project: Project, path: str) -> list[str]:
    # Of a notebook these are the lines of its JSON, in which the notes have theirs.
    return split_lines(project.document(path).source.text)


def _first_lines(first: list[str], now: list[str]) -> list[int]:
    """For each line of ``now`` the line of ``first`` that it was made of, counted from 1."""
    from difflib import SequenceMatcher

    found: list[int] = []
    for _, start, end, new_start, new_end in SequenceMatcher(
        None, first, now, autojunk=False
    ).get_opcodes():
        last = max(end - 1, start)
        found += (min(start + step, last) + 1 for step in range(new_end - new_start))
    return found
