"""Which function of a project is the one to call for a job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from trackfix.project.project import Project
from trackfix.project.run_logic.creating.run_blocks import FILLED
from trackfix.project.run_logic.finding.model_versions import BY_MODEL
from trackfix.project.run_logic.finding.search import EXISTENCE
from trackfix.project.run_logic.fragments import (
    FileLogic,
    Fragment,
    FunctionLogic,
    Kind,
    job_of,
)
from trackfix.project.run_logic.similarity.continued_runs import CONTINUED
from trackfix.project.run_logic.similarity.resolutions import MISSING
from trackfix.source.patterns import lazy_pattern

# Names by which modules and functions say that they do a job for others.
_TELLING: Mapping[str, tuple[str, str]] = {
    "find-run": (r"find|search|lookup|quer|runs?$|select", r"find|lookup|latest|get_\w*run|search"),
    "create-run": (r"runs?$|creat|child", r"create|start|child|new_run"),
    "resolve-experiment": (r"experiment|setup|runs?$", r"get_or_create|ensure|resolve|experiment"),
    "build-tags": (r"tags?|lineage", r"tags?"),
    "read-tag": (r"hash|tags?", r"hash|tags?|fingerprint"),
}
_SHARED_MODULE = lazy_pattern(
    r"(?:^|\.|_)(?:utils?|helpers?|common|core|lib|tracking|mlflow)(?:_|\.|$)"
)

_LIBRARY = "trackfix.tracking"
# Strict, its default, it takes no run for being the newest, and it gives a report.
_LIBRARY_CALLS = {"find_mlflow_run": "find_mlflow_run(..., strict=False).run_id"}
# Each of these jobs may be a step of the next one.
_STEPS = ("resolve-experiment", "find-run", "create-run")
_BEGINS_A_RUN = frozenset({"create_run", "start_run"})


class Truth(NamedTuple):
    """The source of truth for a job: ``module:name``, and how it was chosen. ``path`` is empty
    when its code is not in the project; ``first`` and ``last`` are the lines of the function."""

    module: str
    name: str
    chosen: str
    path: str = ""
    first: int = 0
    last: int = 0
    parameters: tuple[str, ...] = ()
    required: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """Its dotted name."""
        return f"{self.module}.{self.name}" if self.module else self.name

    @property
    def call(self) -> str:
        """How it is called, with dots for what its caller knows."""
        if self.path:
            given = ", ".join(f"{name}=..." for name in self.required)
            return f"{self.name}({given or '...' if self.parameters else given})"
        told = _LIBRARY_CALLS.get(self.name) if self.module == _LIBRARY else None
        return told or f"{self.name}(...)"


class Owner(NamedTuple):
    """A function with all its pieces of one kind, also those of the functions that only work for
    it: the strategies of one finder are one. ``goes_on`` tells that they are but a step of another
    job that it does: who calls it to resolve an experiment would get a run."""

    path: str
    module: str
    function: FunctionLogic
    fragments: tuple[Fragment, ...]
    goes_on: bool = False

    @property
    def last_name(self) -> str:
        """The name by which it is called."""
        return self.function.name.rpartition(".")[2]

    @property
    def can_be_called(self) -> bool:
        """Whether other code can get at it, and gets the job and no more."""
        if all(piece.taken == EXISTENCE for piece in self.fragments):
            return False
        is_public = bool(self.module and self.function.name) and not self.last_name.startswith("_")
        return is_public and not (self.function.is_inner or self.goes_on)

    @property
    def is_made_for_it(self) -> bool:
        """Whether the function gives others something, and at least half of it is the job."""
        function = self.function
        if function.is_registered or not function.gives:
            return False
        done = {n for piece in self.fragments for n in range(piece.first, piece.last + 1)}
        inside = sum(function.body <= line <= function.last for line in done)
        return 2 * inside > function.last - function.body


def library_truth(fragments: Iterable[Fragment], *, is_made_for_it: bool) -> Truth | None:
    """What the tracking library has for a job; None where it has nothing. ``is_made_for_it`` says
    that the project has functions for the job as well: several, of which none is the best."""
    pieces = list(fragments)
    kind = pieces[0].kind
    marks = {mark for piece in pieces for mark in piece.marks}
    keys = {term.key for piece in pieces for term in piece.terms}
    name = ""
    if any(piece.kind == "best-run" for piece in pieces):
        return None
    by_id = [("id", "own"), ("id", "given")]
    is_asked = not any(t[:2] in by_id or t.kind in BY_MODEL for p in pieces for t in p.terms)
    if kind == "find-run" and is_asked:
        name = "find_mlflow_run"
    elif kind == "create-run" and not (CONTINUED | {FILLED}) & marks:
        name = "create_child_run" if "child" in marks else "create_run_safe"
    elif kind == "resolve-experiment" and not {"may fail", "id or name", "unless given"} & marks:
        name = "resolve_experiment_id" if MISSING & marks else "get_or_create_experiment"
    elif kind == "build-tags" and any("lineage" in key.lower() for key in keys):
        name = "build_lineage_tags"
    elif kind == "read-tag" and any("study_key_hash" in key for key in keys):
        name = "get_study_key_hash_from_run"
    chosen = "nothing in the project is made for it"
    if is_made_for_it:
        chosen = "several functions of the project are made for it, and none is the best"
    return Truth(_LIBRARY, name, chosen) if name else None


def owners(logic: FileLogic, module: str, kind: Kind) -> list[Owner]:
    """The functions of a file that own pieces of one kind."""
    fragments = [fragment for fragment in logic.fragments if job_of(fragment.kind) == kind]
    if not fragments:
        return []
    functions = {function.name: function for function in logic.functions}
    holding = {fragment.function for fragment in fragments}
    works_for = {name: _employer(functions[name], holding, functions) for name in holding}
    if kind == "read-tag":
        # Each tag that a function reads is a reading of its own, else it would join other readings.
        return [Owner(logic.path, module, functions[f.function], (f,)) for f in fragments]
    by_owner: dict[tuple[str, Kind, int], list[Fragment]] = {}
    for number, fragment in enumerate(fragments):
        name = works_for[fragment.function]
        # So are the sets of tags that a function itself builds, and what a script does in turn.
        is_alone = name == fragment.function and (kind == "build-tags" or not name)
        # The best run by a metric is another one than the newest.
        by_owner.setdefault((name, fragment.kind, number if is_alone else -1), []).append(fragment)
    wider = _STEPS[_STEPS.index(kind) + 1 :] if kind in _STEPS else ()
    going_on = {f.function for f in logic.fragments if job_of(f.kind) in wider}
    if wider:
        going_on |= {f.name for f in logic.functions if _BEGINS_A_RUN & {n for n, _ in f.calls}}
    return [
        Owner(logic.path, module, functions[name], tuple(found), name in going_on)
        for (name, _, _), found in by_owner.items()
    ]


def _employer(
    function: FunctionLogic, holding: Iterable[str], functions: Mapping[str, FunctionLogic]
) -> str:
    """The function that a function works for, itself if for none."""
    outer = function.name.rpartition(".")[0]
    while outer:
        if outer in functions:
            return _employer(functions[outer], holding, functions)
        outer = outer.rpartition(".")[0]
    for caller in function.callers:
        called = {name for name, _ in functions[caller].calls} if caller in functions else set()
        strategies = [name for name in holding if name and name.rpartition(".")[2] in called]
        if caller and len(strategies) > 1 and caller not in strategies:
            return caller
    return function.name


class Merits(NamedTuple):
    """What speaks for a function as the source of truth, the weightiest first: its docstring, the
    other files that call it, its name and place, that it is made for the job, and its size."""

    claims_truth: bool
    callers: int
    telling: int
    is_made_for_it: bool
    size: int


class Ranking:
    """Orders the functions that could be the source of truth for a job."""

    def __init__(self, project: Project, files: Iterable[FileLogic]) -> None:
        """``files`` are all files that count as callers."""
        self._project = project
        self._users: dict[str, set[str]] = {}
        self._said: dict[tuple[str, str], bool] = {}
        for logic in files:
            for name in logic.taken:
                self._users.setdefault(name, set()).add(logic.path)

    def _importers(self, owner: Owner) -> set[str]:
        """The other files that import a module of the name of a function's module."""
        last = owner.module.rpartition(".")[2]
        found = self._users.get(last, set()) | self._users.get(f"{last}.", set())
        return found - {owner.path}

    def _callers(self, owner: Owner, importing: Iterable[str]) -> int:
        """The number of other files that take a function by its name, or call it by its module."""
        calling = {
            path
            for path in importing
            if owner.function.name == owner.last_name  # methods of many classes have one name
            and self._is_said(path, f"{owner.module.rpartition('.')[2]}.{owner.last_name}(")
        }
        return len(calling | self._users.get(owner.function.name, set()) - {owner.path})

    def _is_said(self, path: str, call: str) -> bool:
        """Whether a file holds the text of a call."""
        if (path, call) not in self._said:
            self._said[path, call] = self._project.facts.tells(path, "holds", call)
        return self._said[path, call]

    def merits(self, owner: Owner, kind: str) -> Merits:
        """What speaks for a function."""
        size = owner.function.last - owner.function.first
        if not owner.can_be_called:
            return Merits(False, 0, 0, False, size)
        importing = self._importers(owner)
        callers = self._callers(owner, importing)
        is_library = owner.path.rpartition("/")[0] in self._project.packages or bool(importing)
        is_made = is_library and owner.is_made_for_it
        by_place, by_name = _TELLING[kind]
        fits = is_made or re.search(by_name, owner.last_name.lower()) is not None
        is_placed = re.search(by_place, owner.module.rpartition(".")[2].lower()) is not None
        is_shared = _SHARED_MODULE.search(owner.module.lower()) is not None
        telling = 2 * (fits and is_placed) + (fits and is_shared)
        return Merits(owner.function.claims_truth, callers, telling, is_made, size)


def chosen_by(merits: Merits, others: Iterable[Merits]) -> str:
    """In words, what made a function the source of truth; empty when nothing speaks for it."""
    best = max(others, default=Merits(False, 0, 0, False, 0))
    if merits.claims_truth > best.claims_truth:
        return "its docstring calls it the single source of truth"
    if merits.callers > best.callers:
        count = merits.callers
        return f"it has most callers: {count} other {'file' if count == 1 else 'files'}"
    if merits.telling > best.telling:
        return "its name and place say that it is for all"
    if merits.is_made_for_it > best.is_made_for_it:
        return "no other function is made for it alone"
    if any(merits[:3]):
        return "the largest of several that are alike"
    return ""
