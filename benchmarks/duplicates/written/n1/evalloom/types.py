"""Small data classes used by all modules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One input with the answer we expect."""

    id: str
    question: str
    expected: str = ""
    context: tuple[str, ...] = ()


@dataclass
class Score:
    """What a judge says about one answer."""

    judge: str
    value: float
    reason: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PromptVersion:
    """A prompt template with its version."""

    name: str
    version: int
    template: str

    def render(self, **values: str) -> str:
        text = self.template
        for key, value in values.items():
            text = text.replace("{{" + key + "}}", value)
        return text


@dataclass(frozen=True)
class EvalDataset:
    """A list of cases with a name and a digest."""

    name: str
    digest: str
    cases: tuple[Case, ...]
    source: str = "local"

    def __len__(self) -> int:
        return len(self.cases)
