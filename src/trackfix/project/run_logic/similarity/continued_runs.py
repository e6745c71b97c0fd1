"""How much two runs that are taken up again, or left for later, have in common."""

from __future__ import annotations

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
        is_same |= not (copy.terms and truth.terms) and not _is_one_run(*copy.terms, *truth.terms)
        is_same &= bool(copy.terms or truth.terms or not is_plain)
    return Likeness(0.85 if is_same else 0)


def _is_one_run(*names: Term) -> bool:
    return any("{" not in name.value for name in names)
