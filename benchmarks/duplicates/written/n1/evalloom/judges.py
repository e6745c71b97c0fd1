"""Judges: functions that give a score to an answer."""

from __future__ import annotations

import re
from typing import Callable, Protocol

from evalloom.types import Case, Score

Model = Callable[[str], str]


class Judge(Protocol):
    name: str

    def __call__(self, case: Case, answer: str) -> Score: ...


class ExactMatch:
    """1 when the answer is the expected one, apart from case and spaces."""

    name = "exact_match"

    def __call__(self, case: Case, answer: str) -> Score:
        same = " ".join(answer.lower().split()) == " ".join(case.expected.lower().split())
        return Score(self.name, 1.0 if same else 0.0)


class Overlap:
    """Share of the expected words that the answer has."""

    name = "overlap"

    def __call__(self, case: Case, answer: str) -> Score:
        want = set(re.findall(r"\w+", case.expected.lower()))
        have = set(re.findall(r"\w+", answer.lower()))
        if not want:
            return Score(self.name, 0.0, "nothing is expected")
        return Score(self.name, len(want & have) / len(want))


class ModelJudge:
    """Ask a model for a number from 1 to 5."""

    name = "model_judge"
    template = (
        "Question: {question}\nExpected: {expected}\nAnswer: {answer}\n"
        "Give a number from 1 (wrong) to 5 (right). Number:"
    )

    def __init__(self, model: Model, name: str | None = None) -> None:
        self.model = model
        if name:
            self.name = name

    def __call__(self, case: Case, answer: str) -> Score:
        reply = self.model(
            self.template.format(question=case.question, expected=case.expected, answer=answer)
        )
        match = re.search(r"[1-5]", reply)
        if match is None:
            return Score(self.name, 0.0, f"no number in {reply!r}")
        return Score(self.name, (int(match.group()) - 1) / 4, reply.strip())


def builtin(name: str) -> Judge:
    known: dict[str, type] = {"exact_match": ExactMatch, "overlap": Overlap}
    try:
        return known[name]()
    except KeyError:
        raise ValueError(f"no judge named {name!r}; known: {sorted(known)}") from None
