"""Which models are watched."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Watched:
    """A model and where its data are."""

    model: str
    table: str
    owner: str = "ml-platform"
    limit: float = 0.2


def watched(path: str | None = None) -> list[Watched]:
    file = Path(path or os.environ.get("DRIFTDESK_CONFIG", "driftdesk.yml"))
    return [Watched(**entry) for entry in yaml.safe_load(file.read_text())["models"]]


def experiment_name(model: str) -> str:
    return f"/monitoring/{model}"
