"""How much two creations of a run do the same."""

from __future__ import annotations

import re
from math import fsum

from trackfix.project.run_logic.creating.creations import CALLED, FEWEST_TELLING, NESTED, STARTED
from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.similarity.differences import told_experiments, told_keys
from trackfix.project.run_logic.similarity.likeness import (
    OF_ANY_RUN,
    Likeness,
    Weights,
    experiment_likeness,
)
from trackfix.project.run_logic.values.tag_keys import NAME_TAG, PARENT_TAG

_FEWEST_SHARED = 2
# One of two runs that share so many tags may have some more.
_ENOUGH_SHARED = 3
_TRAITS = frozenset({"azure tags", "ended", "named"})
_TOLD_MARKS = {
    "azure tags": "sets the Azure ML tags",
    "ended": "ends the run",
    "named": "names the run",
    "parent tag": "sets the parent tag itself",
    "context manager": "is a context manager",
}


def creation_likeness(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    """How much two runs of their own, or two children, are created alike."""
    here, there = set(copy.marks), set(truth.marks)
    keys = _key_likeness(copy, truth, weights)
    experiment = experiment_likeness(copy.experiment, truth.experiment)
    if not _are_of_one_kind(copy, truth) or not _is_telling(copy, truth, keys, experiment):
        return Likeness(0)
    either = _TRAITS & (here | there)
    traits = len(_TRAITS & here & there) / len(either) if either else 1
    base, rest = (0.55, 0.3) if "child" in here else (0.3, 0.55)
    score = base + 0.15 * experiment + rest * (0.5 * keys + 0.5 * traits)
    differs = [told_experiments(copy.experiment, truth.experiment)]
    for mark, told in _TOLD_MARKS.items():
        if (mark in here) != (mark in there):
            differs.append(f"{told} {'here' if mark in here else 'there'} only")
    differs += told_keys(copy, truth)
    return Likeness(round(score, 2), tuple(told for told in differs if told))


def _are_of_one_kind(copy: Fragment, truth: Fragment) -> bool:
    """Whether both are children or neither is, and what any run may be isn't all that they are."""
    either = {*copy.marks, *truth.marks}
    if ("child" in copy.marks) != ("child" in truth.marks):
        return False
    is_called = _is_tagged_alike(copy, truth) and _is_called_alike(copy, truth)
    if NESTED in either and not (is_called or _is_linked_elsewhere(copy, truth)):
        return False
    if "child" in either and _are_told_apart(copy, truth):
        return False
    if "child" in either and "parent tag" not in either and not _may_be_called_alike(copy, truth):
        return False
    return STARTED not in either or _is_created_elsewhere(copy, truth)


def _is_telling(copy: Fragment, truth: Fragment, keys: float, experiment: float) -> bool:
    """Whether two runs share more than that they have an experiment, as any two do. Children share
    their parents' tag."""
    if _have_other_tags(copy, truth):
        return False
    if "child" in copy.marks or (keys > 0.5 and _is_called_alike(copy, truth)):
        return True
    if not {copy.experiment, truth.experiment} <= {"name", "run", "helper"}:
        return False
    is_ended = "ended" in copy.marks and "ended" in truth.marks
    return (experiment >= 0.9 and (keys > 0.5 or is_ended)) or _is_tagged_alike(copy, truth)


def _have_other_tags(copy: Fragment, truth: Fragment) -> bool:
    """Whether each of two runs has several telling tags, and they share few of them: less than half
    of the fewer ones, and less than a third of all."""
    of_any = {PARENT_TAG, NAME_TAG}
    here, there = ({t.key for t in piece.terms} - of_any for piece in (copy, truth))
    fewer, shared = min(len(here), len(there)), len(here & there)
    return fewer >= _FEWEST_SHARED and shared * 2 < fewer and shared * 3 < len(here | there)


def _is_linked_elsewhere(copy: Fragment, truth: Fragment) -> bool:
    """Whether one of two children is linked to its parent by hand and both have the same tags, but
    for those of the parent and the name, or one has all of several that the other one has. Any run
    may be nested."""
    of_any = {PARENT_TAG, NAME_TAG}
    here, there = ({t.key for t in piece.terms} - of_any for piece in (copy, truth))
    if NESTED in copy.marks and NESTED in truth.marks:
        return False
    is_within = (here <= there or there <= here) and min(len(here), len(there)) >= _ENOUGH_SHARED
    return is_within or (bool(here) and here == there)


def _is_created_elsewhere(copy: Fragment, truth: Fragment) -> bool:
    """Whether one of two runs of their own is created by hand, with the tags and the name of the
    other one. Any run may be started."""
    here, there = ({term.key for term in piece.terms} for piece in (copy, truth))
    is_created = not (STARTED in copy.marks and STARTED in truth.marks)
    is_told = _is_called_alike(copy, truth) or (
        len(here - OF_ANY_RUN) >= FEWEST_TELLING and _is_tagged_alike(copy, truth)
    )
    return is_created and here == there and is_told


def _is_tagged_alike(copy: Fragment, truth: Fragment) -> bool:
    """Whether two runs have the same telling tags, and no names of different words."""
    here, there = ({term.key for term in piece.terms} for piece in (copy, truth))
    is_telling = len(here - OF_ANY_RUN) >= _FEWEST_SHARED
    is_named = all(any(m.startswith(CALLED) for m in piece.marks) for piece in (copy, truth))
    return is_telling and here == there and (not is_named or _have_one_name(copy, truth))


def _is_called_alike(copy: Fragment, truth: Fragment) -> bool:
    """Whether two runs share a tag, and the words of the names that they are given."""
    shared = {term.key for term in copy.terms} & {term.key for term in truth.terms} - OF_ANY_RUN
    return bool(shared) and _have_one_name(copy, truth)


def _may_be_called_alike(copy: Fragment, truth: Fragment) -> bool:
    """Whether two children that MLflow links share a tag, or no words of a name tell them apart."""
    shared = {term.key for term in copy.terms} & {term.key for term in truth.terms}
    is_called = any(m.startswith(CALLED) for m in (*copy.marks, *truth.marks))
    return bool(shared) or not is_called or _have_one_name(copy, truth)


def _are_told_apart(copy: Fragment, truth: Fragment) -> bool:
    """Whether each of two runs has a name of its own words, and a tag that the other one lacks."""
    here, there = ({term.key for term in piece.terms} for piece in (copy, truth))
    is_called = all(any(m.startswith(CALLED) for m in piece.marks) for piece in (copy, truth))
    return (
        is_called and bool(here - there) and bool(there - here) and not _have_one_name(copy, truth)
    )


def _have_one_name(copy: Fragment, truth: Fragment) -> bool:
    """Whether two runs may be called the same: ``*`` in one name stands for anything."""
    names = [[m for m in piece.marks if m.startswith(CALLED)] for piece in (copy, truth)]
    return any(
        re.fullmatch(re.escape(one).replace(r"\*", ".*"), other)
        for here in names[0]
        for there in names[1]
        for one, other in ((here, there), (there, here))
    )


def _key_likeness(copy: Fragment, truth: Fragment, weights: Weights) -> float:
    here = {term.key for term in copy.terms if not term.key.startswith("<:")}
    there = {term.key for term in truth.terms if not term.key.startswith("<:")}
    if PARENT_TAG not in here & there:
        # MLflow sets the tag of the parent where it is told who that is.
        here, there = here - {PARENT_TAG}, there - {PARENT_TAG}
    if NAME_TAG not in here & there:
        # A name may be given as a tag or not: that it is named is a trait of its own.
        here, there = here - {NAME_TAG}, there - {NAME_TAG}
    if not here | there:
        return 0.5
    shared = fsum(weights.get(key, 1) for key in here & there)
    return shared / fsum(weights.get(key, 1) for key in here | there)
