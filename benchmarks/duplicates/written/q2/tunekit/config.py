"""Configs. YAML in, dataclasses out."""
from __future__ import annotations

import hashlib
import itertools
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Iterator

import yaml


@dataclass
class LoraConfig:
    r: int = 16
    alpha: int = 32
    dropout: float = 0.05
    target_modules: list[str] = field(default_factory=lambda: ["q_proj", "v_proj"])


@dataclass
class TrainConfig:
    base_model: str
    dataset: str
    lr: float = 2e-4
    epochs: int = 2
    batch_size: int = 8
    grad_accum: int = 4
    max_len: int = 2048
    lora: LoraConfig = field(default_factory=LoraConfig)

    def fingerprint(self) -> str:
        blob = json.dumps(asdict(self), sort_keys=True).encode()
        return hashlib.sha1(blob).hexdigest()[:12]


@dataclass
class SweepConfig:
    name: str
    base: TrainConfig
    grid: dict[str, list[Any]]

    def points(self) -> Iterator[TrainConfig]:
        keys = list(self.grid)
        for values in itertools.product(*(self.grid[k] for k in keys)):
            d = asdict(self.base)
            for k, v in zip(keys, values):
                if k.startswith("lora."):
                    d["lora"][k.split(".", 1)[1]] = v
                else:
                    d[k] = v
            d["lora"] = LoraConfig(**d["lora"])
            yield TrainConfig(**d)


def load_config(path: str | Path) -> SweepConfig:
    raw = yaml.safe_load(Path(path).read_text())
    lora = LoraConfig(**raw["base"].pop("lora", {}))
    return SweepConfig(raw["name"], TrainConfig(**raw["base"], lora=lora), raw.get("grid", {}))
