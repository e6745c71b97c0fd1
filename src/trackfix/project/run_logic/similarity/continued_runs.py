"""How much two runs that are taken up again, or left for later, have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence

from trackfix.project.run_logic.creating.resumed_runs import KEPT_IN_FILE, RESUMED
from trackfix.project.run_logic.fragments import Fragment, Term
from trackfix.project.run_logic.similarity.likeness import Likeness

# Marks of runs that are taken up again: what has one is only like what has the same.
CONTINUED = frozenset(
    {
        "resumes",
        "if there is none",
        "named child",
        "ended at once",
        "active or new",
        RESUMED,
        KEPT_IN_FILE,
    }
)


def continued_likeness(copy: Fragment, truth: Fragment) -> Likeness:
    """Such runs are the same or not. Any run may be taken up again, unless a name that is put
    together, or always the same, says that it is another one; two plain ``start_run`` are no run
    logic."""
    here, there = set(copy.marks), set(truth.marks)
    is_same = here == there and set(copy.terms) == set(truth.terms)
    if here == there == {KEPT_IN_FILE}:
        is_same = True
    elif here == there == {RESUMED}:
        is_plain = copy.experiment == truth.experiment == "active"
        is_same |= _is_filled_in(copy.terms, truth.terms)
        is_same |= not (copy.terms and truth.terms) and not _is_one_run(*copy.terms, *truth.terms)
        is_same &= bool(copy.terms or truth.terms or not is_plain)
    return Likeness(0.85 if is_same else 0)


def _is_filled_in(here: Sequence[Term], there: Sequence[Term]) -> bool:
    """Whether the name of one run is that of the other one with some of its parts filled in."""
    names = [term.value for term in (*here, *there)]
    if not (len(here) == len(there) == 1) or _is_one_run(*here, *there):
        return False
    return any(_pattern(one).fullmatch(other) for one, other in (names, names[::-1]))


def _pattern(name: str) -> re.Pattern[str]:
    """What a name with holes may be, each of which may be filled in."""
    parts = re.split(r"(\{[^{}]*\})", name)
    return re.compile(
        "".join(rf"(?:{re.escape(p)}|[^{{}}]+)" if p[:1] == "{" else re.escape(p) for p in parts)
    )


def _is_one_run(*names: Term) -> bool:
    return any("{" not in name.value for name in names)
