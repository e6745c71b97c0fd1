"""How much two sets of tags, or two readings of tags, have in common."""

from __future__ import annotations

from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.similarity.differences import told_keys
from trackfix.project.run_logic.similarity.likeness import OF_ANY_RUN, Likeness, Weights, overlap
from trackfix.project.run_logic.tags.reads import ONE_OF
from trackfix.project.run_logic.tags.sets import OF_MODEL, UNSAID

_FEWEST_TAGS = 3
_FEWEST_FILLED = 2
# The share of the tags of two readings that must be the same.
_MOST_TAGS = 0.75


def tag_set_likeness(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    """How many of the same tags two sets have: at least three that not every run has."""
    here = {term.key for term in copy.terms}
    there = {term.key for term in truth.terms}
    shared = here & there
    if len(shared - OF_ANY_RUN) < _FEWEST_TAGS:
        return Likeness(0)
    unsaid = [piece for piece in (copy, truth) if UNSAID in piece.marks]
    if len(unsaid) > 1 or (unsaid and shared not in (here, there)):
        return Likeness(0)  # tags of anything
    if here != there and (OF_MODEL in copy.marks) != (OF_MODEL in truth.marks):
        return Likeness(0)  # the tags of a model are not those of a run
    return Likeness(overlap(here, there, weights), tuple(told_keys(copy, truth)))


def tag_read_likeness(copy: Fragment, truth: Fragment) -> Likeness:
    """A tag that a helper reads and returns, a value that is parsed or replaced the same way again,
    or tags that are read together again. A bare read is no more than the call of a helper."""
    here, there = set(copy.marks), set(truth.marks)
    if copy.taken and truth.taken and copy.taken != truth.taken:
        return Likeness(0)  # the tags of a run are not those of an experiment
    if "several" in here | there:
        is_same = "several" in here & there and _are_together(copy, truth)
        return Likeness(0.9 if is_same else 0, tuple(told_keys(copy, truth)))
    if set(copy.terms) != set(truth.terms):
        return Likeness(0)
    parsed, other = ({m for m in marks if m.startswith("parsed")} for marks in (here, there))
    if "helper" in here | there:
        return Likeness(0 if (parsed or other) and not parsed & other else 0.9)
    replaced = any(mark.startswith("else ") for mark in here & there)
    return Likeness(0.9 if parsed & other or replaced else 0)


def _are_together(copy: Fragment, truth: Fragment) -> bool:
    """Whether two readings are of the same tags, or most of them are put into the same parts of
    something and none of these parts gets another tag."""
    here, there = ({term.key for term in piece.terms} for piece in (copy, truth))
    instead = [ONE_OF in piece.marks for piece in (copy, truth)]
    if here == there and (all(instead) or len(here) >= _FEWEST_TAGS):
        return True
    filled = {term.value: term.key for term in copy.terms if term.value}
    others = {term.value: term.key for term in truth.terms if term.value}
    same = filled.keys() & others.keys()
    if any(filled[part] != others[part] for part in same):
        return False
    most = max(len(here), len(there))
    of_one_class = [part for part in same if part[:1].isupper()]
    return (len(same) >= _FEWEST_TAGS and len(same) >= _MOST_TAGS * most) or (
        len(of_one_class) >= _FEWEST_FILLED and 2 * len(of_one_class) >= most
    )
