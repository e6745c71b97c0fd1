"""How often pieces are compared: about as often as there are pieces."""

from collections import Counter

import pytest

from trackfix.project.run_logic.fragments import Fragment, FunctionLogic, Step, Term
from trackfix.project.run_logic.groups.pairing import Pairing
from trackfix.project.run_logic.groups.truths import Owner
from trackfix.project.run_logic.similarity.comparison import compare
from trackfix.project.run_logic.similarity.likeness import Likeness

FEW, MANY = 100, 1000


def owner(number, kind, keys=(), terms=(), **more):
    path, name = f"pkg/m{number:05}.py", f"f{number}"
    terms = tuple(Term("tag", key) for key in keys) + tuple(terms)
    fragment = Fragment(kind, path, name, 1, 1, 1, 2, (Step(1, "s"),), terms, **more)
    return Owner(path, f"pkg.m{number:05}", FunctionLogic(name, 1, 2), (fragment,))


def asked(number, keys):
    return owner(number, "find-run", keys, experiment="name", order="time", taken="run-id")


ORIGINS = ("name", "parameter", "run", "active", "all", "literal", "helper", "")
SHAPES = {
    "finders of their own keys": lambda n: asked(n, [f"k{n}"]),
    "finders of one key and more": lambda n: asked(n, ["a", *(f"k{n}.{i}" for i in range(4))]),
    "finders of another value each": lambda n: owner(
        n, "find-run", terms=[Term("tag", "a", f"v{n}")], order="time"
    ),
    "finders of nothing": lambda n: owner(n, "find-run", experiment=ORIGINS[n % 8]),
    "finders by name and more": lambda n: owner(
        n, "find-run", terms=[Term("name"), *(Term("param", f"p{n}.{i}") for i in range(3))]
    ),
    "finders that call one helper each": lambda n: owner(n, "find-run", marks=(f"through {n}",)),
    "children of all sorts": lambda n: owner(
        n, "create-run", [f"k{n}"], experiment=ORIGINS[n % 8], marks=("child",)
    ),
    "runs with one key and more": lambda n: owner(n, "create-run", ["a", f"k{n}", f"l{n}"]),
    "runs that are ended": lambda n: owner(n, "create-run", [f"k{n}"], marks=("ended",)),
    "nested runs of many names": lambda n: owner(
        n, "create-run", terms=[Term("name", "", f"n{n}*")], marks=("named child",)
    ),
    "experiments of all sorts": lambda n: owner(
        n, "resolve-experiment", marks=("restores",) * (n % 2) + ("activates",) * (n % 3 // 2)
    ),
    "tag sets that share half": lambda n: owner(
        n, "build-tags", ["a", "b", "c", f"k{n}", f"l{n}", f"m{n}"]
    ),
    "tag sets of a few keys": lambda n: owner(
        n, "build-tags", [f"k{(n * step) % 40}" for step in (1, 3, 7, 11)]
    ),
    "tags of their own": lambda n: owner(n, "read-tag", [f"key{n}"]),
    "tags of one key": lambda n: owner(n, "read-tag", ["key"]),
    "one tag that is parsed in all ways": lambda n: owner(
        n, "read-tag", ["key"], marks=(f"parsed by from_{n}",)
    ),
}


def nothing_alike(one, other, weights):
    """Says of no two pieces that they are alike, which makes for the most comparisons."""
    return Likeness(0)


def comparisons(shape, number, judge):
    """How often pieces are compared until all are in a group or looked at."""
    count = 0

    def counted(one: Fragment, other: Fragment) -> Likeness:
        nonlocal count
        count += 1
        return judge(one, other, {})

    owners = [SHAPES[shape](n) for n in range(number)]
    counts = Counter(t.key for one in owners for f in one.fragments for t in f.terms)
    pairing = Pairing(owners, counted, counts)
    for one in owners:
        if not pairing.is_gone(one):
            pairing.take([one, *(match.owner for match in pairing.alike(one, 0.7))])
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_the_pieces_cost_at_most_fifteen_times_the_comparisons(shape):
    assert 0 < comparisons(shape, MANY, compare) <= 15 * comparisons(shape, FEW, compare)


@pytest.mark.parametrize("shape", SHAPES)
def test_so_they_do_when_nothing_is_alike_enough(shape):
    few, many = (comparisons(shape, number, nothing_alike) for number in (FEW, MANY))
    assert 0 < many <= 15 * few


def alike(owners, one):
    counts = Counter(t.key for each in owners for f in each.fragments for t in f.terms)
    pairing = Pairing(owners, lambda a, b: compare(a, b, {}), counts)
    return [match.owner.path for match in pairing.alike(one, 0.7)]


def test_all_copies_of_one_form_are_found_however_many():
    owners = [asked(n, ["a"]) for n in range(500)]
    assert alike(owners, owners[0]) == [each.path for each in owners[1:]]


def test_one_that_takes_its_key_from_the_caller_is_compared_with_all_that_ask_for_tags():
    owners = [asked(1, ["a"]), asked(2, ["<:key>"]), asked(3, [])]
    assert alike(owners, owners[0]) == [owners[1].path]
    assert alike(owners, owners[1]) == [owners[0].path]
    assert alike(owners, owners[2]) == []


def test_what_was_taken_out_is_nobodys_copy():
    owners = [asked(n, ["a"]) for n in range(3)]
    pairing = Pairing(owners, lambda a, b: compare(a, b, {}), Counter({"a": 3}))
    pairing.take([owners[1]])
    assert [match.owner for match in pairing.alike(owners[0], 0.7)] == [owners[2]]
    assert pairing.is_gone(owners[1]) and not pairing.is_gone(owners[2])


@pytest.mark.parametrize("kind", ["build-tags", "find-run", "create-run"])
def test_pieces_of_one_function_are_not_compared(kind):
    one = owner(1, kind, "abc", order="time", experiment="name", marks=("child",))
    other = one._replace(fragments=(one.fragments[0]._replace(line=2),))
    counts = Counter("aabbcc")
    pairing = Pairing([one, other], lambda left, right: compare(left, right, {}), counts)
    assert pairing.alike(one, 0.5) == []


def test_sets_of_tags_of_two_functions_are_compared():
    both = [owner(number, "build-tags", "abc") for number in (1, 2)]
    counts = Counter("aabbcc")
    pairing = Pairing(both, lambda left, right: compare(left, right, {}), counts)
    assert [match.owner for match in pairing.alike(both[0], 0.5)] == [both[1]]
