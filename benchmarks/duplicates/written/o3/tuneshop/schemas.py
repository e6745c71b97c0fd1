from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, computed_field


class Suite(StrEnum):
    HELPFULNESS = "helpfulness"
    SAFETY = "safety"
    EXTRACTION = "extraction"


class Example(BaseModel):
    question: str
    expected: str | None = None
    context: list[str] = []
    labels: dict[str, Any] = {}

    def as_inputs(self) -> dict[str, Any]:
        return {"inputs": {"question": self.question}, "expectations": {"expected_response": self.expected}}


class AdapterSpec(BaseModel):
    customer: str
    base_model: str
    rank: int = 16
    alpha: int = 32
    target_modules: tuple[str, ...] = ("q_proj", "v_proj")
    learning_rate: float = 2e-4
    epochs: int = 2
    dataset: Path

    @computed_field
    @property
    def digest(self) -> str:
        body = self.model_dump(mode="json", exclude={"dataset", "digest"})
        raw = json.dumps(body, sort_keys=True).encode() + self.dataset.read_bytes()
        return hashlib.sha256(raw).hexdigest()[:16]

    @property
    def dataset_digest(self) -> str:
        return hashlib.sha256(self.dataset.read_bytes()).hexdigest()[:12]


class PromptRef(BaseModel):
    name: str
    version: int

    @property
    def uri(self) -> str:
        return f"prompts:/{self.name}/{self.version}"


class SuiteResult(BaseModel):
    run_id: str
    suite: Suite
    metrics: dict[str, float]
    passed: bool = False
