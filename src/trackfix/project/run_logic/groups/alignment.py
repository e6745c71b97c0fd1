"""The steps of two pieces of run logic side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from trackfix.project.run_logic.fragments import Step
from trackfix.source.patterns import lazy_pattern

How = Literal["shared", "differs", "only-here", "only-there"]

# What names and numbers of one file alone tell in the words of a step.
_ROOT = lazy_pattern(r"^[^\W\d]\w*(?=[.\[])")
_OWN_WORDS = lazy_pattern(r"(?<=\bline )\d+|(?<=\bthe run )\w+")
_JOBS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("experiment", lazy_pattern(r"^(?:get_experiment_by_name|(?:all )?experiments?\b)")),
    ("search", lazy_pattern(r"^(?:search_runs|list_run_infos)\(|which searches in line")),
    ("tags", lazy_pattern(r"^builds \d+ tags$")),
    ("create", lazy_pattern(r"^(?:create|start)_run\(")),
    ("take", lazy_pattern(r"\brun_(?:uu)?id$")),
    ("pick", lazy_pattern(r"^[.\[]|^(?:next|first|max|min)\(|^the first of|^unpacked")),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A step ``here``, in the copy, and the one that does the same ``there``, in the source of
    truth. ``how`` is ``shared``, ``differs`` when both do one job in different ways, else the only
    side that has it; the other one is None then."""

    how: How
    here: Step | None
    there: Step | None


def aligned(here: Sequence[Step], there: Sequence[Step]) -> tuple[Pair, ...]:
    """All steps of both sides, paired so that most of them agree, in their order; where the same
    step has another place there, that of the copy counts."""
    likeness = [[_likeness(one, other) for other in there] for one in here]
    # best[i][j]: the most that here[i:] and there[j:] can agree
    best = [[0] * (len(there) + 1) for _ in range(len(here) + 1)]
    for i in reversed(range(len(here))):
        for j in reversed(range(len(there))):
            paired = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] else 0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    return tuple(_with_moved(list(_walk(here, there, likeness, best))))


def _walk(
    here: Sequence[Step],
    there: Sequence[Step],
    likeness: Sequence[Sequence[int]],
    best: Sequence[Sequence[int]],
) -> Iterator[Pair]:
    i = j = 0
    while i < len(here) and j < len(there):
        same = likeness[i][j]
        if same and best[i][j] == best[i + 1][j + 1] + same:
            yield Pair("shared" if same == _SHARED else "differs", here[i], there[j])
            i, j = i + 1, j + 1
        elif best[i][j] == best[i][j + 1]:
            yield Pair("only-there", None, there[j])
            j += 1
        else:
            yield Pair("only-here", here[i], None)
            i += 1
    yield from (Pair("only-there", None, step) for step in there[j:])
    yield from (Pair("only-here", step, None) for step in here[i:])


def _with_moved(pairs: list[Pair]) -> Iterator[Pair]:
    """The pairs, with the same steps paired that stand in another order."""
    left = {id(pair): pair for pair in pairs if pair.how == "only-there"}
    found: list[Pair] = []
    for pair in pairs:
        here = pair.here
        other = None
        if pair.how == "only-here" and here is not None:
            alike = (o for o in left.values() if o.there and _likeness(here, o.there) == _SHARED)
            other = next(alike, None)
        if other is not None:
            del left[id(other)]
            found.append(Pair("shared", here, other.there))
        else:
            found.append(pair)
    return (pair for pair in found if pair.how != "only-there" or id(pair) in left)


_SHARED = 3
_ONE_JOB = 2


def _likeness(here: Step, there: Step) -> int:
    one, other = _shape(here.text), _shape(there.text)
    if one == other:
        return _SHARED
    job = _job(one)
    return _ONE_JOB if job and job == _job(other) else 0


# The same steps are compared again and again, with each copy.
@lru_cache(maxsize=4096)
def _shape(text: str) -> str:
    """The words of a step without what is the file's own."""
    return _OWN_WORDS.sub("…", _ROOT.sub("", text))


@lru_cache(maxsize=4096)
def _job(shape: str) -> str:
    return next((job for job, pattern in _JOBS if pattern.search(shape)), "")
