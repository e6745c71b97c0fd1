"""Puts the parts together from a YAML file."""
from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

import shelfrec.rankers
import shelfrec.sources
import shelfrec.tracking
from shelfrec.rankers import Ranker
from shelfrec.registry import rankers, sources, trackers
from shelfrec.sources import Source
from shelfrec.tracking.base import Tracker
from shelfrec.types import JobSpec


@dataclass
class Container:
    spec: JobSpec
    tracker: Tracker

    def source(self) -> Source:
        return sources.make(self.spec.source)

    def ranker(self) -> Ranker:
        return rankers.make(self.spec.ranker, **self.spec.params)

    @classmethod
    def from_file(cls, path: str) -> "Container":
        body = yaml.safe_load(Path(path).read_text())
        spec = JobSpec(**body["job"])
        options = body.get("tracker", {"name": "none"})
        name = options.pop("name")
        if name == "mlflow":
            options.setdefault("surface", spec.surface)
        return cls(spec, trackers.make(name, **options))
