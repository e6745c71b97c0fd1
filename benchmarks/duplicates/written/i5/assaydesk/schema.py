"""What a suite is made of."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List

import yaml


@dataclass(frozen=True)
class Case:
    id: str
    question: str
    expected: str = ""
    labels: tuple = ()


@dataclass(frozen=True)
class Prompt:
    name: str
    version: int
    template: str

    def render(self, **values: Any) -> str:
        return self.template.format(**values)

    @property
    def key(self) -> str:
        return f"{self.name}@{self.version}"


@dataclass
class Suite:
    name: str
    cases: List[Case]
    prompts: List[Prompt]
    models: List[str]
    judge: str = "correctness@1"
    settings: Dict[str, Any] = field(default_factory=dict)

    @property
    def experiment(self) -> str:
        return f"assaydesk/{self.name}"


def read_suite(path: Path) -> Suite:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Suite(
        name=raw["name"],
        cases=[Case(str(c["id"]), c["question"], c.get("expected", ""), tuple(c.get("labels", ()))) for c in raw["cases"]],
        prompts=[Prompt(p["name"], int(p["version"]), p["template"]) for p in raw["prompts"]],
        models=list(raw["models"]),
        judge=raw.get("judge", "correctness@1"),
        settings=raw.get("settings", {}),
    )
