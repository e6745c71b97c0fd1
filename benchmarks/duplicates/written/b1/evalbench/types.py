from __future__ import annotations

import hashlib
from typing import Any, Literal

from pydantic import BaseModel, Field

Provider = Literal["openai", "anthropic", "vllm"]


class Sample(BaseModel):
    id: str
    question: str
    reference: str | None = None
    meta: dict[str, Any] = Field(default_factory=dict)


class Answer(BaseModel):
    sample_id: str
    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


class Verdict(BaseModel):
    sample_id: str
    score: float
    reason: str = ""


class Prompt(BaseModel):
    name: str
    template: str

    @property
    def sha(self) -> str:
        return hashlib.sha1(self.template.encode()).hexdigest()[:10]

    def render(self, sample: Sample) -> str:
        return self.template.format(question=sample.question, **sample.meta)


class Job(BaseModel):
    suite: str
    provider: Provider
    model: str
    judge: str = "gpt-4o-mini"
    prompt: Prompt
    batch: int = 16
    concurrency: int = 4
