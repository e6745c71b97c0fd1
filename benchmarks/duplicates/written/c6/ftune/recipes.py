"""What is trained, on what, and how."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

OWNER = "genai-platform"


class Keys:
    BASE = "base_model"
    ADAPTER = "adapter"
    DATA = "dataset_rev"
    PRECISION = "precision"
    TOKENIZER = "tokenizer"
    BENCH = "benchmark"


@dataclass
class Lora:
    r: int = 16
    alpha: int = 32
    dropout: float = 0.05
    targets: tuple[str, ...] = ("q_proj", "v_proj")

    def dumps(self) -> str:
        return json.dumps({"r": self.r, "alpha": self.alpha, "dropout": self.dropout, "targets": self.targets})


@dataclass
class Recipe:
    project: str
    base_model: str
    dataset_rev: str
    precision: str = "bf16"
    tokenizer: str = ""
    lora: Lora = field(default_factory=Lora)
    epochs: int = 2
    lr: float = 2e-4
    batch: int = 8

    def as_tags(self) -> dict[str, str]:
        return {
            Keys.BASE: self.base_model,
            Keys.ADAPTER: self.lora.dumps(),
            Keys.DATA: self.dataset_rev,
            Keys.PRECISION: self.precision,
            Keys.TOKENIZER: self.tokenizer or self.base_model,
        }
