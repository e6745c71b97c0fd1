"""How much two pieces of run logic of one kind do the same.

The weights are those of trials on labelled repositories: the keys of tags tell most, then the kind
of the filter, the order, the experiment and what is taken of the run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import fsum
from typing import NamedTuple

from trackfix.project.run_logic.continued_runs import KEPT_IN_FILE, RESUMED
from trackfix.project.run_logic.creations import CALLED, NESTED, STARTED
from trackfix.project.run_logic.filters import ANY_METRIC
from trackfix.project.run_logic.fragments import Fragment, Term
from trackfix.project.run_logic.run_blocks import FEWEST_TELLING
from trackfix.project.run_logic.search import EXISTENCE
from trackfix.project.run_logic.tag_keys import NAME_TAG, PARENT_TAG
from trackfix.project.run_logic.tag_reads import ONE_OF
from trackfix.project.run_logic.tag_sets import UNSAID

_FEWEST_TAGS = 3
# Tags that MLflow shows of any run: who sets them means no more than a run.
_OF_ANY_RUN = frozenset({PARENT_TAG, NAME_TAG, "mlflow.note.content"})
_FEWEST_FILLED = 2
_FEWEST_SHARED = 2
# The share of the tags of two readings that must be the same.
_MOST_TAGS = 0.75
_TRAITS = frozenset({"azure tags", "ended", "named"})
_TOLD_MARKS = {
    "azure tags": "sets the Azure ML tags",
    "ended": "ends the run",
    "named": "names the run",
    "parent tag": "sets the parent tag itself",
    "context manager": "is a context manager",
}
# What is done where there is no experiment of a name; else it is created.
MISSING = frozenset({"maps errors", "must exist", "may fail", "id or name", "unless given"})
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

# Marks of runs that are only told by what is done with them.
FILLED = "filled"

# Marks that tell no difference of a resolution.
_HOW = re.compile(r"helper$|of a finder$|by |then |says ")

_NO_CONDITION = ("status", "time", "order")

Weights = Mapping[str, float]


class Likeness(NamedTuple):
    """``score`` is from 0 to 1; ``differs`` says in words what is not the same."""

    score: float
    differs: tuple[str, ...] = ()


# Sums of weights are exact (fsum): else the order of a set, which no two runs share, tells in them.
def compare(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    """How much ``copy`` does what ``truth`` does. ``weights`` are those of tag keys: the rarer the
    more; others weigh 1."""
    if copy.kind != truth.kind:
        return Likeness(0)
    if copy.kind in ("find-run", "best-run"):
        return _finders(copy, truth, weights)
    if copy.kind == "create-run":
        return _creations(copy, truth, weights)
    if copy.kind == "resolve-experiment":
        return _resolutions(copy, truth)
    if copy.kind == "build-tags":
        return _tag_sets(copy, truth, weights)
    return _tag_reads(copy, truth)


def _finders(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    if any(mark in truth.marks for mark in copy.marks):
        return Likeness(0)  # both call one helper already
    if copy.kind == "best-run" and not _are_by_one_metric(copy, truth):
        return Likeness(0)
    likeness, clashes = _filters(copy, truth, weights)
    experiment = _experiments(copy.experiment, truth.experiment)
    is_newest = bool(_conditions(copy)) or copy.order == truth.order != "other"
    is_newest = is_newest and (copy.order == "oldest") == (truth.order == "oldest")
    if clashes or likeness < 0.5 or experiment < 0.3 or not is_newest:
        return Likeness(0)
    differs: list[str] = []
    score = 0.5 * likeness + _orders(copy, truth)
    score += 0.12 * experiment + 0.13 * _taken(copy.taken, truth.taken)
    score += 0.05 if copy.limit == truth.limit else 0.03
    score += 0.05 if _statuses(copy) == _statuses(truth) else 0
    if copy.experiment != truth.experiment:
        differs.append(_told_experiments(copy.experiment, truth.experiment))
    if copy.taken != truth.taken:
        differs.append(f"takes the {_spaced(copy.taken)} here, the {_spaced(truth.taken)} there")
    if _statuses(copy) != _statuses(truth):
        differs.append("asks for a status " + ("here only" if _statuses(copy) else "there only"))
    differs += _told_keys(copy, truth)
    return Likeness(round(score, 2), tuple(differs))


def _orders(copy: Fragment, truth: Fragment) -> float:
    """Without an order the newest run comes first, but who does not say so may mean any one."""
    if copy.order == truth.order:
        return 0.15
    is_time = {copy.order, truth.order} == {"", "time"}  # of few runs any may be the newest
    return 0.1 if is_time and _conditions(copy) else 0


def _filters(copy: Fragment, truth: Fragment, weights: Weights) -> tuple[float, bool]:
    """How alike two filters are, and whether they ask for different values of one key."""
    here, there = _conditions(copy), _conditions(truth)
    values = {(t.kind, t.key): t.value for t in copy.terms if t.value}
    clashes = any(values.get((t.kind, t.key), t.value) != t.value for t in truth.terms if t.value)
    if not here and not there:
        return 0.9, clashes
    if _is_any(here) != _is_any(there):
        wider, other = (here, there) if _is_any(here) else (there, here)
        # One takes the keys from its caller: it can serve for the other one's keys. Who asks for
        # something else in code can't serve for what has a condition of its own.
        can_serve = other <= wider or any(kind != "test" for kind, _ in _untold(wider))
        return (0.6, clashes) if can_serve and here and there else (0.0, clashes)
    if _is_any(here):
        return (0.9 if here == there else 0.3), clashes
    shared = fsum(weights.get(key, 1) for _, key in here & there)
    every = fsum(weights.get(key, 1) for _, key in here | there)
    return shared / every, clashes


def _conditions(fragment: Fragment) -> frozenset[tuple[str, str]]:
    """What is asked of a run, but that it has the metric by which the best one is told."""
    told = _metrics(fragment)
    return frozenset(
        (t.kind, t.key)
        for t in fragment.terms
        if t.kind not in _NO_CONDITION
        and not (told and t.kind == "metric" and (t.key in told or t.key.startswith("<:")))
    )


def _is_any(conditions: frozenset[tuple[str, str]]) -> bool:
    return bool(_untold(conditions))


def _untold(conditions: frozenset[tuple[str, str]]) -> list[tuple[str, str]]:
    """The conditions that only a run could tell."""
    return [(kind, key) for kind, key in conditions if key.startswith("<:")]


def _metrics(fragment: Fragment) -> frozenset[str]:
    """The metrics by which the best run is told."""
    return frozenset(term.key for term in fragment.terms if term.kind == "order")


def _are_by_one_metric(copy: Fragment, truth: Fragment) -> bool:
    here, there = _metrics(copy), _metrics(truth)
    both_named = len(here - {ANY_METRIC}) == len(there - {ANY_METRIC}) == 1
    return bool(here & there - ({ANY_METRIC} if both_named else set()))


def _statuses(fragment: Fragment) -> frozenset[Term]:
    return frozenset(term for term in fragment.terms if term.kind == "status")


def _experiments(here: str, there: str) -> float:
    if here == there:
        return 1
    if {here, there} == {"name", "helper"}:
        return 0.9  # most helpers take the name
    if "all" in (here, there) or "active" in (here, there):
        return 0.2
    return 0.6 if here and there else 0.5


def _taken(here: str, there: str) -> float:
    if here == there:
        return 1
    return 0.7 if {here, there} <= {"run", "run-id", EXISTENCE} else 0.4


def _creations(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    here, there = set(copy.marks), set(truth.marks)
    if FILLED in here | there:
        return _blocks(copy, truth, weights) if FILLED in here & there else Likeness(0)
    continued = (here | there) & CONTINUED
    if continued:
        is_same = here == there and set(copy.terms) == set(truth.terms)
        if here == there == {KEPT_IN_FILE}:
            is_same = True
        elif here == there == {RESUMED}:
            # Any run may be taken up again, unless it is said to be another one, but two plain
            # start_run are no run logic.
            is_plain = copy.experiment == truth.experiment == "active"
            is_same |= not (copy.terms and truth.terms)
            is_same &= bool(copy.terms or truth.terms or not is_plain)
        return Likeness(0.85 if is_same else 0)
    is_child = "child" in here
    if is_child != ("child" in there):
        return Likeness(0)
    keys = _key_likeness(copy, truth, weights)
    is_called = _is_tagged_alike(copy, truth) and _is_called_alike(copy, truth)
    if NESTED in here | there and not (is_called or _is_linked_elsewhere(copy, truth)):
        return Likeness(0)
    if STARTED in here | there and not _is_created_elsewhere(copy, truth):
        return Likeness(0)
    experiment = _experiments(copy.experiment, truth.experiment)
    is_whole = {copy.experiment, truth.experiment} <= {"name", "run", "helper"}
    is_told = is_whole and experiment >= 0.9 and (keys > 0.5 or "ended" in here & there)
    is_told = is_told or (is_whole and _is_tagged_alike(copy, truth))
    if not is_child and not (is_told or (keys > 0.5 and _is_called_alike(copy, truth))):
        return Likeness(0)  # any two runs have an experiment
    either = _TRAITS & (here | there)
    traits = len(_TRAITS & here & there) / len(either) if either else 1
    base = 0.55 if is_child else 0.3
    score = base + 0.15 * experiment + (0.3 if is_child else 0.55) * (0.5 * keys + 0.5 * traits)
    differs = [_told_experiments(copy.experiment, truth.experiment)]
    for mark, told in _TOLD_MARKS.items():
        if (mark in here) != (mark in there):
            differs.append(f"{told} {'here' if mark in here else 'there'} only")
    differs += _told_keys(copy, truth)
    return Likeness(round(score, 2), tuple(told for told in differs if told))


def _is_linked_elsewhere(copy: Fragment, truth: Fragment) -> bool:
    """Whether one of two children is linked to its parent by hand and both have the same tags, but
    for those of the parent and the name. Any run may be nested."""
    of_any = {PARENT_TAG, NAME_TAG}
    here, there = ({t.key for t in piece.terms} - of_any for piece in (copy, truth))
    is_linked = not (NESTED in copy.marks and NESTED in truth.marks)
    return is_linked and bool(here) and here == there


def _is_created_elsewhere(copy: Fragment, truth: Fragment) -> bool:
    """Whether one of two runs of their own is created by hand, with the tags and the name of the
    other one. Any run may be started."""
    here, there = ({term.key for term in piece.terms} for piece in (copy, truth))
    is_created = not (STARTED in copy.marks and STARTED in truth.marks)
    return is_created and here == there and _is_called_alike(copy, truth)


def _is_tagged_alike(copy: Fragment, truth: Fragment) -> bool:
    """Whether two runs have the same telling tags, and no names of different words."""
    here, there = ({term.key for term in piece.terms} for piece in (copy, truth))
    is_telling = len(here - _OF_ANY_RUN) >= _FEWEST_SHARED
    is_named = all(any(m.startswith(CALLED) for m in piece.marks) for piece in (copy, truth))
    return is_telling and here == there and (not is_named or _have_one_name(copy, truth))


def _is_called_alike(copy: Fragment, truth: Fragment) -> bool:
    """Whether two runs share a tag, and the words of the names that they are given."""
    shared = {term.key for term in copy.terms} & {term.key for term in truth.terms} - _OF_ANY_RUN
    return bool(shared) and _have_one_name(copy, truth)


def _have_one_name(copy: Fragment, truth: Fragment) -> bool:
    """Whether two runs may be called the same: ``*`` in one name stands for anything."""
    names = [[m for m in piece.marks if m.startswith(CALLED)] for piece in (copy, truth)]
    return any(
        re.fullmatch(re.escape(one).replace(r"\*", ".*"), other)
        for here in names[0]
        for there in names[1]
        for one, other in ((here, there), (there, here))
    )


def _blocks(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    """How much is done alike around two runs. What any run has does not make them alike, but tells
    how much is."""
    telling = {t for t in copy.terms if t.kind == "step"} & set(truth.terms)
    if len(telling) < FEWEST_TELLING:
        return Likeness(0)
    here, there = ({t.key for t in piece.terms} for piece in (copy, truth))
    # A few steps that stand among many others are no job of their own.
    return Likeness(_overlap(here, there, weights, 0.5), tuple(_told_keys(copy, truth)))


def _overlap(here: set[str], there: set[str], weights: Weights, part: float = 0.6) -> float:
    """How much two sets of keys have in common: that ``part`` of it of the smaller set, the rest of
    both."""
    total = fsum(weights.get(key, 1) for key in here & there)
    smaller = min(fsum(weights.get(key, 1) for key in keys) for keys in (here, there))
    every = fsum(weights.get(key, 1) for key in here | there)
    return round(part * total / smaller + (1 - part) * total / every, 2)


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


def _resolutions(copy: Fragment, truth: Fragment) -> Likeness:
    here, there = set(copy.marks), set(truth.marks)
    if (here & MISSING) != (there & MISSING):
        return Likeness(0)
    # That an experiment must exist is said in two places only where one of them says it for others,
    # or both in the same words.
    if "must exist" in here and not _is_said_again(here, there):
        return Likeness(0)
    if "may fail" in here and not any(mark.startswith("then ") for mark in here & there):
        return Likeness(0)
    here, there = ({m for m in marks if not _HOW.match(m)} for marks in (here, there))
    told = {"restores": "restores a deleted experiment", "activates": "makes it the active one"}
    differs = [
        f"{told.get(mark, f'gives an {mark}')} {'here' if mark in here else 'there'} only"
        for mark in sorted(here ^ there)
    ]
    return Likeness(round(0.95 - 0.05 * len(here ^ there), 2), tuple(differs))


def _is_said_again(here: set[str], there: set[str]) -> bool:
    if any(mark.startswith("says ") for mark in here & there):
        return True
    return "helper" in here | there and "of a finder" not in here | there


def _tag_sets(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    here = {term.key for term in copy.terms}
    there = {term.key for term in truth.terms}
    shared = here & there
    if len(shared - _OF_ANY_RUN) < _FEWEST_TAGS:
        return Likeness(0)
    unsaid = [piece for piece in (copy, truth) if UNSAID in piece.marks]
    if len(unsaid) > 1 or (unsaid and shared not in (here, there)):
        return Likeness(0)  # tags of anything
    return Likeness(_overlap(here, there, weights), tuple(_told_keys(copy, truth)))


def _tag_reads(copy: Fragment, truth: Fragment) -> Likeness:
    """A tag that a helper reads and returns, a value that is parsed or replaced the same way again,
    or tags that are read together again. A bare read is no more than the call of a helper."""
    here, there = set(copy.marks), set(truth.marks)
    if copy.taken and truth.taken and copy.taken != truth.taken:
        return Likeness(0)  # the tags of a run are not those of an experiment
    if "several" in here | there:
        is_same = "several" in here & there and _are_together(copy, truth)
        return Likeness(0.9 if is_same else 0, tuple(_told_keys(copy, truth)))
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


def _told_keys(copy: Fragment, truth: Fragment) -> list[str]:
    here = {term.key for term in copy.terms if term.key}
    there = {term.key for term in truth.terms if term.key}
    told = []
    if here - there:
        told.append(f"{_listed(here - there)} here only")
    if there - here:
        told.append(f"{_listed(there - here)} there only")
    return told


def _listed(keys: set[str]) -> str:
    names = sorted(key.strip("<>").rpartition(":")[2] for key in keys)
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return f"{', '.join(names[:4])}{more}"


def _told_experiments(here: str, there: str) -> str:
    if here == there:
        return ""
    words = {
        "name": "from its name",
        "parameter": "from the caller",
        "run": "from a run",
        "active": "of the active run",
        "all": "any",
        "literal": "written out",
        "helper": "from a helper",
    }
    return f"experiment {words.get(here, 'not told')} here, {words.get(there, 'not told')} there"


def _spaced(word: str) -> str:
    return word.replace("-", " ")
