"""Judges that give a score between 0 and 1 to an answer."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

from promptbench.models import ChatModel

SCORE = re.compile(r"\b([0-9](?:\.[0-9]+)?)\b")


class Judge(ABC):
    name = "judge"

    @abstractmethod
    async def score(self, question: str, answer: str, expected: str | None) -> float:
        """Give a score between 0 and 1."""


class ExactMatch(Judge):
    name = "exact_match"

    async def score(self, question: str, answer: str, expected: str | None) -> float:
        return float(expected is not None and answer.strip() == expected.strip())


class LengthJudge(Judge):
    name = "length"

    def __init__(self, longest: int = 400) -> None:
        self.longest = longest

    async def score(self, question: str, answer: str, expected: str | None) -> float:
        return max(0.0, 1 - max(0, len(answer) - self.longest) / self.longest)


class ModelJudge(Judge):
    """Asks a model for a grade from 0 to 9."""

    name = "model"

    def __init__(self, model: ChatModel, rubric: str) -> None:
        self.model = model
        self.rubric = rubric

    async def score(self, question: str, answer: str, expected: str | None) -> float:
        text = await self.model.answer(
            f"{self.rubric}\nQuestion: {question}\nAnswer: {answer}\nGrade from 0 to 9:"
        )
        match = SCORE.search(text)
        return float(match.group(1)) / 9 if match else 0.0
