"""One search for runs."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from trackfix.project.run_logic.fragments import Fragment, Kind, Step, Term
from trackfix.project.run_logic.pieces import piece_at
from trackfix.project.run_logic.values.bodies import Body

# Lines behind the pick up to which what is taken of the run belongs to the search.
_FAR = 12
# What the mark of a pick begins with that is made of the answer of another module's function.
FROM = "from "
# Conditions that tell one run from others.
_TELLING = frozenset({"tag", "param", "name"})
_TAKEN = ("run-id", "tags", "metrics", "experiment-id")
# What is taken of a run by who only asks if there is one.
EXISTENCE = "existence"


@dataclass
class Search:
    """One search for runs, and what becomes of its answer.

    ``through`` is the helper that makes the call, if it is not made here, and ``asked_of`` that of
    another module, as ``module:name``. ``filter_from`` and
    ``experiment_from`` are the parameters that give a filter or an experiment whole. ``compared``
    are the parts of runs that a loop compares. ``is_ascending`` tells whether the least comes first
    by the order, None if that is not known, and ``is_last`` whether the last run is picked.
    """

    call: ast.Call
    body: Body
    terms: list[Term] = field(default_factory=list)
    experiment: str = ""
    order: str = ""
    is_ascending: bool | None = None
    is_last: bool = False
    limit: str = ""
    steps: list[Step] = field(default_factory=list)
    is_picked: bool = False
    is_returned: bool = False
    deletes: bool = False
    taken: set[str] = field(default_factory=set)
    through: str = ""
    asked_of: str = ""
    filter_from: str = ""
    experiment_from: str = ""
    picked: list[int] = field(default_factory=list)
    compared: list[ast.expr] = field(default_factory=list)
    seen: set[tuple[str, int]] = field(default_factory=set)

    @property
    def kind(self) -> Kind:
        """What it is for."""
        if self.deletes:
            return "clean-up"
        if self.order == "metric" and self.is_picked:
            return "best-run"
        return "find-run" if self.is_picked or self._asks_for_one() else "list-runs"

    def _asks_for_one(self) -> bool:
        """Whether it only asks if there is a certain run."""
        asked = {term.kind for term in self.terms}
        return self.limit == "one" and not self.is_returned and bool(asked & _TELLING)

    def _taken(self) -> str:
        if self.kind == "find-run" and not self.is_picked:
            return EXISTENCE
        return next((part for part in _TAKEN if part in self.taken), "run")

    def pick(self, node: ast.stmt | ast.expr | ast.pattern, text: str) -> None:
        """Note that one run is picked at a node."""
        self.is_picked = True
        line = self.body.file.line(node)
        self.picked.append(line)
        if isinstance(node, ast.expr):
            self.picked.append(self.body.file.last_line(node))
        self.steps.append(Step(line, text[:80]))

    def _with_end(self, term: Term) -> Term:
        """A term that tells by which end of an order the run is picked, if it is one of orders."""
        if term.kind != "order" or self.is_ascending is None:
            return term
        return term._replace(value="DESC" if self.is_ascending == self.is_last else "ASC")

    def _terms(self) -> tuple[Term, ...]:
        """What is asked of the runs; who asks for a value need not ask for no other one, too."""
        terms = dict.fromkeys(map(self._with_end, self.terms))
        asked = {(f"no {term.kind}", term.key) for term in terms}
        return tuple(term for term in terms if (term.kind, term.key) not in asked)

    def _order(self) -> str:
        is_oldest = self.is_ascending is not None and self.is_ascending != self.is_last
        return "oldest" if self.order == "time" and self.is_picked and is_oldest else self.order

    def _marks(self) -> tuple[str, ...]:
        if self.asked_of:
            return (f"{FROM}{self.asked_of}",)
        path = self.body.file.document.path
        return (f"through {path}:{self.through}",) if self.through else ()

    def fragment(self) -> Fragment:
        """The same as plain data."""
        ends = [*self.picked, self.body.file.line(self.call)]
        near = [step for step in self.steps if step.line <= max(ends) + _FAR]
        return piece_at(self.call, self.body, self.kind, near, ends)._replace(
            terms=self._terms(),
            experiment=self.experiment,
            order=self._order(),
            limit=self.limit,
            taken=self._taken(),
            marks=self._marks(),
        )
