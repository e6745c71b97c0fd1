"""Finds the pieces of run logic that may do the same without comparing each with each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from trackfix.project.run_logic.creating.run_blocks import FILLED
from trackfix.project.run_logic.fragments import Fragment
from trackfix.project.run_logic.groups.truths import Owner
from trackfix.project.run_logic.similarity.continued_runs import CONTINUED
from trackfix.project.run_logic.similarity.likeness import Likeness
from trackfix.project.run_logic.similarity.resolutions import MISSING

# What has one trait is compared in at most so many different forms, which keeps the number of
# comparisons proportional to that of the pieces. Pieces that do exactly the same are one form.
FORMS_COMPARED = 64

# What two pieces that do the same have in common, but for their places.
Form = tuple[object, ...]


class Match(NamedTuple):
    """A piece of another function that does what ``step`` does."""

    owner: Owner
    fragment: Fragment
    step: Fragment
    likeness: Likeness


def form(fragment: Fragment) -> Form:
    """All of a piece that is compared."""
    asked = fragment.experiment, fragment.order, fragment.limit, fragment.taken
    return (fragment.kind, frozenset(fragment.terms), *asked, fragment.marks)


class Pairing:
    """The pieces of one kind by their traits, of which those that go into a group are taken out."""

    def __init__(
        self,
        owners: Iterable[Owner],
        compare: Callable[[Fragment, Fragment], Likeness],
        counts: Mapping[str, int],
    ) -> None:
        """``compare`` says how much a piece does what another one does; ``counts`` tell how often
        each key occurs. Those that come first among ``owners`` are compared first."""
        self._compare = compare
        self._counts = counts
        self._gone: set[int] = set()
        self._table: dict[str, dict[Form, deque[tuple[Owner, Fragment]]]] = {}
        for owner in owners:
            for fragment in owner.fragments:
                for trait in _traits(fragment, counts, asks=False):
                    forms = self._table.setdefault(trait, {})
                    forms.setdefault(form(fragment), deque()).append((owner, fragment))

    def is_gone(self, owner: Owner) -> bool:
        """Whether a function was taken out."""
        return id(owner) in self._gone

    def take(self, owners: Iterable[Owner]) -> None:
        """Take functions out: they are nobody's copies any more."""
        self._gone.update(map(id, owners))

    def alike(self, owner: Owner, threshold: float) -> list[Match]:
        """Of each other function that is left, the first piece that does what one of ``owner``'s
        does, by place."""
        found: dict[int, Match] = {}
        for members in self._near(owner):
            first = members[0][1]
            step, likeness = self._best(first, owner.fragments)
            if likeness.score < threshold:
                continue
            for other, fragment in members:
                if other is owner or self.is_gone(other) or _is_beside(fragment, other, owner):
                    continue
                known = found.get(id(other))
                if known is None or _place(fragment) < _place(known.fragment):
                    found[id(other)] = Match(other, fragment, step, likeness)
        return sorted(found.values(), key=lambda match: _place(match.fragment))

    def _best(self, fragment: Fragment, steps: Sequence[Fragment]) -> tuple[Fragment, Likeness]:
        forms = {form(step): step for step in reversed(steps)}
        compared = [(step, self._compare(fragment, step)) for step in forms.values()]
        return max(compared, key=lambda item: (item[1].score, *_order(item[0])))

    def _near(self, owner: Owner) -> Iterator[deque[tuple[Owner, Fragment]]]:
        """The pieces that share a trait without which nothing can be alike, by their forms."""
        asked = {trait for f in owner.fragments for trait in _traits(f, self._counts, asks=True)}
        seen: set[Form] = set()
        for trait in sorted(asked):
            forms = self._table.get(trait, {})
            for name in self._left(forms):
                if name not in seen:
                    seen.add(name)
                    yield forms[name]

    def _left(self, forms: dict[Form, deque[tuple[Owner, Fragment]]]) -> list[Form]:
        """The first forms of which something is left; those of which nothing is are forgotten."""
        left: list[Form] = []
        gone: list[Form] = []
        for name, members in forms.items():
            while members and self.is_gone(members[0][0]):
                members.popleft()
            (left if members else gone).append(name)
            if len(left) == FORMS_COMPARED:
                break
        for name in gone:
            del forms[name]
        return left


def _is_beside(fragment: Fragment, other: Owner, owner: Owner) -> bool:
    """Whether two pieces are of one function: the second set of tags is built on the first, or one
    of both is; a script looks in another way for what it did not find."""
    return fragment.kind != "read-tag" and other.function is owner.function


def _place(fragment: Fragment) -> tuple[str, int, int]:
    return fragment.path, fragment.line, fragment.column


def _order(fragment: Fragment) -> tuple[int, int]:
    """Prefers the first of several that are alike."""
    return -fragment.line, -fragment.column


def _traits(fragment: Fragment, counts: Mapping[str, int], *, asks: bool) -> Iterable[str]:
    """The traits of a piece: those by which it is found, or those that it ``asks`` for."""
    tags = {term.key for term in fragment.terms if term.kind in ("tag", "step")}
    keys = sorted(tags, key=lambda key: (counts[key], key))
    if fragment.kind == "create-run":
        if "child" in fragment.marks:
            return ("child",)
        if FILLED in fragment.marks:
            return keys
        if continued := CONTINUED.intersection(fragment.marks):
            return continued
        return [*keys, "ended"] if "ended" in fragment.marks else keys
    if fragment.kind == "resolve-experiment":
        return [mark for mark in fragment.marks if mark in MISSING] or ["experiment"]
    if fragment.kind in ("find-run", "best-run"):
        kinds = {t.kind for t in fragment.terms if t.kind not in ("status", "time", "tag")}
        takes_any = any(key.startswith("<:") for key in keys)
        if keys:
            # One that takes the keys from its caller is like all that ask for tags.
            kinds.add("any tag" if takes_any is asks else "given tags")
        if takes_any:
            kinds.add("given tags")
        return {*kinds, *keys} or ("no filter",)
    # Two sets of which one half is shared have a key in common among the rarer half of each.
    return keys[: len(keys) // 2 + 1]
