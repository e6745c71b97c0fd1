from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True, slots=True)
class PromptRef:
    name: str
    version: int

    def __str__(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass(slots=True)
class Prompt:
    ref: PromptRef
    template: str
    variables: tuple[str, ...] = ()

    @property
    def sha(self) -> str:
        return hashlib.sha1(self.template.encode()).hexdigest()[:10]

    def render(self, **kw: Any) -> str:
        missing = set(self.variables) - kw.keys()
        if missing:
            raise KeyError(", ".join(sorted(missing)))
        return self.template.format(**kw)


@dataclass(slots=True)
class Case:
    id: str
    question: str
    expected: str
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Verdict:
    case_id: str
    passed: bool
    score: float
    reason: str = ""
    cost_usd: float = 0.0


class Turn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Literal["user", "assistant", "tool"]
    content: str
    at: datetime = datetime.now(timezone.utc)


class Feedback(BaseModel):
    session_id: str
    agent: str
    thumbs: Literal["up", "down"]
    comment: str | None = None
