"""Functions with calls of MLflow that are written alike, whatever they are for.

Each function is a sequence of statements without names and literals. Those that share winnowed
fingerprints (Schleimer, Wilkerson and Aiken: Winnowing, SIGMOD 2003) are aligned with gaps (Smith
and Waterman, J. Mol. Biol. 147, 1981), so that not each is compared with each.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from trackfix.project.mlflow_uses.calls import MlflowCalls
from trackfix.project.modules.resolution import Resolver
from trackfix.project.project import Project
from trackfix.project.run_logic.duplicates import Duplicates
from trackfix.project.run_logic.statements import Code, Statement, read_code
from trackfix.project.test_paths import is_test_path

THRESHOLD = 0.8

# Whatever three statements two functions share in a row is found, and often two.
_GRAM = 2
_WINDOW = 2
# A fingerprint of more functions tells nothing; and so many are compared with one at most.
_MOST_ALIKE = 24
_MOST_COMPARED = 8
_GAP = 0.5
_FEWEST_STATEMENTS = 6
_FEWEST_CALLS = 2
_FEWEST_APIS = 2


@dataclass(frozen=True, slots=True)
class Match:
    """Statements that two functions have alike: the pairs of their places in both, in order."""

    pairs: tuple[tuple[int, int], ...]
    score: float


@dataclass(frozen=True, slots=True)
class Similar:
    """A function that is written like ``other``, which comes before it in the project. ``score`` is
    the weight of the statements alike among all in the lines ``first`` to ``last`` here and
    ``other_first`` to ``other_last`` there. ``apis`` are the functions of MLflow in them."""

    code: Code
    other: Code
    score: float
    first: int
    last: int
    other_first: int
    other_last: int
    apis: tuple[str, ...]
    only_here: int
    only_there: int


class SimilarCode:
    """All functions of a project that are written like one before them."""

    def __init__(self, project: Project, resolver: Resolver) -> None:
        self._project = project
        self._resolver = resolver
        self._threshold = project.config.duplicate_thresholds.get("similar-code", THRESHOLD)

    def files(self) -> Iterator[str]:
        """The files that count."""
        in_tests = self._project.config.duplicates_in_tests
        for path in self._resolver.analysis(MlflowCalls).files():
            if not path.endswith(".pyi") and (in_tests or not is_test_path(path)):
                yield path

    def of(self, path: str) -> Sequence[Similar]:
        """The functions of one file, in the order of the text."""
        return self._by_path.get(path, ())

    @cached_property
    def _by_path(self) -> Mapping[str, Sequence[Similar]]:
        table: dict[str, list[Similar]] = defaultdict(list)
        for found in self._found():
            table[found.code.path].append(found)
        return table

    def _found(self) -> Iterator[Similar]:
        calls = self._resolver.analysis(MlflowCalls)
        every: list[Code] = []
        for path in sorted(self.files()):
            file = calls.file(path)
            if file is not None and file.calls:
                every += read_code(path, file)
        every.sort(key=lambda code: code.place)
        codes = [code for code in every if _is_enough(code.statements)]
        chains = _Chains(every)
        told = self._told()
        for number, others in _candidates(codes):
            best: Similar | None = None
            for other in others:
                here, there = codes[number], codes[other]
                if frozenset((here.key, there.key)) in told or chains.joins(here, there):
                    continue
                found = _similar(here, there)
                if found is not None and found.score >= self._threshold:
                    best = found if best is None or found.score > best.score else best
            if best is not None:
                yield best

    def _told(self) -> set[frozenset[tuple[str, str]]]:
        """The pairs of functions that other rules report."""
        told = set()
        for group in self._resolver.analysis(Duplicates).groups:
            keys = {(copy.fragment.path, copy.fragment.function) for copy in group.copies}
            keys |= {(c.step.path, c.step.function) for c in group.copies if c.step is not None}
            if group.truth.path:
                keys.add((group.truth.path, group.truth.name))
            told |= {frozenset((one, other)) for one in keys for other in keys}
        return told


class _Chains:
    """Tells whether one function calls another, be it through others; by their names alone."""

    def __init__(self, codes: Sequence[Code]) -> None:
        self._calls: dict[str, set[str]] = defaultdict(set)
        self._closed: dict[tuple[str, str], set[str]] = {}
        for code in codes:
            self._calls[code.name.rpartition(".")[2]] |= code.calls

    def joins(self, one: Code, other: Code) -> bool:
        """Whether either calls the other one, or stands in it."""
        if one.path == other.path:
            inner, outer = sorted((one.name, other.name), key=len, reverse=True)
            if inner.startswith(f"{outer}."):
                return True
        return self._reaches(one, other) or self._reaches(other, one)

    def _reaches(self, one: Code, other: Code) -> bool:
        wanted = other.name.rpartition(".")[2]
        return wanted != one.name.rpartition(".")[2] and wanted in self._all_called(one)

    def _all_called(self, code: Code) -> set[str]:
        """The names of all that a function calls, be it through others."""
        if code.key not in self._closed:
            seen: set[str] = set()
            open_ = set(code.calls)
            while open_:
                seen |= open_
                open_ = {name for known in open_ for name in self._calls.get(known, ())} - seen
            self._closed[code.key] = seen
        return self._closed[code.key]


def _is_enough(statements: Sequence[Statement]) -> bool:
    apis = [api for statement in statements for api in statement.apis]
    return (
        len(statements) >= _FEWEST_STATEMENTS
        and len(apis) >= _FEWEST_CALLS
        and len(set(apis)) >= _FEWEST_APIS
    )


def _candidates(codes: Sequence[Code]) -> Iterator[tuple[int, list[int]]]:
    """For each function those before it that may be alike, the likeliest first."""
    table: dict[int, list[int]] = defaultdict(list)
    for number, code in enumerate(codes):
        shared: Counter[int] = Counter()
        prints = fingerprints(code.statements)
        for mark in prints:
            shared.update(table[mark])
        yield (
            number,
            [other for other, _ in sorted(shared.items(), key=_likeliest)][:_MOST_COMPARED],
        )
        for mark in prints:
            # The first ones stay: they are what later copies are compared with.
            if len(table[mark]) < _MOST_ALIKE:
                table[mark].append(number)


def _likeliest(item: tuple[int, int]) -> tuple[int, int]:
    number, shared = item
    return -shared, number


def fingerprints(statements: Sequence[Statement]) -> list[int]:
    """The winnowed hashes of the runs of a few statements with a call of MLflow in them, of all
    statements and of those with such a call alone; each once, sorted."""
    found: set[int] = set()
    calling = [statement for statement in statements if statement.apis]
    for part in (statements, calling):
        grams = [part[at : at + _GRAM] for at in range(len(part) - _GRAM + 1)]
        hashes = [
            zlib.crc32("\n".join(statement.shape for statement in gram).encode())
            for gram in grams
            if any(statement.apis for statement in gram)
        ]
        windows = max(len(hashes) - _WINDOW + 1, 1) if hashes else 0
        found.update(min(hashes[at : at + _WINDOW]) for at in range(windows))
    return sorted(found)


def align(here: Sequence[Statement], there: Sequence[Statement]) -> Match:
    """The run of statements that agree best, gaps allowed on both sides."""
    width = len(there) + 1
    scores = [[0.0] * width for _ in range(len(here) + 1)]
    best, end = 0.0, (0, 0)
    for i, one in enumerate(here, 1):
        for j, other in enumerate(there, 1):
            match = scores[i - 1][j - 1] + one.weight if one.shape == other.shape else 0.0
            gap = max(scores[i - 1][j] - _GAP * one.weight, scores[i][j - 1] - _GAP * other.weight)
            scores[i][j] = max(match, gap, 0.0)
            if scores[i][j] > best:
                best, end = scores[i][j], (i, j)
    pairs: list[tuple[int, int]] = []
    i, j = end
    while i and j and scores[i][j] > 0:
        one, other = here[i - 1], there[j - 1]
        if one.shape == other.shape and scores[i][j] == scores[i - 1][j - 1] + one.weight:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif scores[i][j] == scores[i - 1][j] - _GAP * one.weight:
            i -= 1
        else:
            j -= 1
    pairs.reverse()
    if not pairs:
        return Match((), 0.0)
    alike = sum(here[i].weight for i, _ in pairs)
    whole = sum(s.weight for s in here[pairs[0][0] : pairs[-1][0] + 1])
    whole += sum(s.weight for s in there[pairs[0][1] : pairs[-1][1] + 1])
    return Match(tuple(pairs), round(2 * alike / whole, 2))


def _similar(code: Code, other: Code) -> Similar | None:
    here, there = code.statements, other.statements
    known = {statement.shape for statement in there}
    if not _is_enough([statement for statement in here if statement.shape in known]):
        return None
    match = align(here, there)
    shared = [here[i] for i, _ in match.pairs]
    if not _is_enough(shared):
        return None
    (first, other_first), (last, other_last) = match.pairs[0], match.pairs[-1]
    return Similar(
        code,
        other,
        match.score,
        here[first].line,
        here[last].line,
        there[other_first].line,
        there[other_last].line,
        tuple(dict.fromkeys(api for statement in shared for api in statement.apis)),
        last - first + 1 - len(shared),
        other_last - other_first + 1 - len(shared),
    )
