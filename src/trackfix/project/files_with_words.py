"""The files of a project that can matter to MLflow's clients, found without parsing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trackfix.project.project import Project


def files_with(project: Project, words: Iterable[str], *, stubs: bool = False) -> Iterator[str]:
    """The Python files and notebooks whose text holds one of ``words``."""
    wanted = [word.encode() for word in words]
    project.facts.asked.note_words(wanted)
    holding = project.facts.holding(wanted)
    for path in project.facts:
        if path in holding and (stubs or not path.endswith(".pyi")):
            yield path


def has_word(project: Project, path: str, words: Iterable[str]) -> bool:
    """Whether the text of a file holds one of ``words``.

    Parts of longer words count: in the JSON of a notebook a name can follow the ``n`` of ``\\n``.
    """
    data = project.facts.bytes_of(path) or b""
    return any(word.encode() in data for word in words)
