"""How much two finders of a run do the same."""

from __future__ import annotations

from math import fsum

from trackfix.project.run_logic.finding.filters import ANY_METRIC
from trackfix.project.run_logic.finding.search import EXISTENCE
from trackfix.project.run_logic.fragments import Fragment, Term
from trackfix.project.run_logic.similarity.differences import (
    spaced,
    told_experiments,
    told_keys,
    told_statuses,
)
from trackfix.project.run_logic.similarity.likeness import Likeness, Weights, experiment_likeness

_NO_CONDITION = ("status", "time", "order")
# The conditions that name a key.
_BY_KEY = ("tag", "param", "metric")


def finder_likeness(copy: Fragment, truth: Fragment, weights: Weights) -> Likeness:
    """How much two searches ask for the same run, and take the same of it."""
    if any(mark in truth.marks for mark in copy.marks):
        return Likeness(0)  # both call one helper already
    if copy.kind == "best-run" and not _are_by_one_metric(copy, truth):
        return Likeness(0)
    likeness, clashes = _filters(copy, truth, weights)
    experiment = experiment_likeness(copy.experiment, truth.experiment)
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
        differs.append(told_experiments(copy.experiment, truth.experiment))
    if copy.taken != truth.taken:
        differs.append(f"takes the {spaced(copy.taken)} here, the {spaced(truth.taken)} there")
    differs += told_statuses(_statuses(copy), _statuses(truth))
    differs += told_keys(copy, truth)
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
        return (0.9 if _unnamed(here) == _unnamed(there) else 0.3), clashes
    if (here ^ there) & {(t.kind, t.key) for t in (*copy.terms, *truth.terms) if _is_told(t)}:
        return 0.0, clashes
    shared = fsum(weights.get(key, 1) for _, key in here & there)
    every = fsum(weights.get(key, 1) for _, key in here | there)
    return shared / every, clashes


def _is_told(term: Term) -> bool:
    """Whether code says which value a tag must have, so that only runs of that kind are meant."""
    return term.kind == "tag" and bool(term.value)


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


def _unnamed(conditions: frozenset[tuple[str, str]]) -> list[tuple[str, str]]:
    """The conditions, without the names that a function has for keys that its callers tell."""
    return sorted(
        (kind, "<:" if kind in _BY_KEY and key.startswith("<:") else key)
        for kind, key in conditions
    )


def _metrics(fragment: Fragment) -> frozenset[str]:
    """The metrics by which the best run is told."""
    return frozenset(term.key for term in fragment.terms if term.kind == "order")


def _are_by_one_metric(copy: Fragment, truth: Fragment) -> bool:
    here, there = _metrics(copy), _metrics(truth)
    both_named = len(here - {ANY_METRIC}) == len(there - {ANY_METRIC}) == 1
    return bool(here & there - ({ANY_METRIC} if both_named else set()))


def _statuses(fragment: Fragment) -> frozenset[Term]:
    return frozenset(term for term in fragment.terms if term.kind == "status")


def _taken(here: str, there: str) -> float:
    if here == there:
        return 1
    return 0.7 if {here, there} <= {"run", "run-id", EXISTENCE} else 0.4
