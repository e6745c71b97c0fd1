"""Config of one fine-tuning."""
from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml

TASKS = ("intent", "urgency", "product")


@dataclass
class Config:
    task: str
    base_model: str = "distilroberta-base"
    train_file: str = "data/train.jsonl"
    eval_file: str = "data/eval.jsonl"
    epochs: int = 3
    batch_size: int = 16
    learning_rate: float = 3e-5
    max_length: int = 256
    labels: list[str] = field(default_factory=list)
    output_dir: str = "out"

    @classmethod
    def read(cls, path: str | Path) -> "Config":
        return cls(**yaml.safe_load(Path(path).read_text()))

    @property
    def hash(self) -> str:
        """Stable over the order of the keys; the output folder does not count."""
        body: dict[str, Any] = asdict(self)
        body.pop("output_dir")
        return hashlib.sha1(json.dumps(body, sort_keys=True).encode()).hexdigest()[:12]

    @property
    def experiment(self) -> str:
        return f"ticketlm/{self.task}"
