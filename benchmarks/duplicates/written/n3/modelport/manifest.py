"""The manifest says what is deployed and where it comes from."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from mlflow.entities import Run


@dataclass
class Source:
    """Where the code and the data of a model come from."""

    commit: str = ""
    branch: str = ""
    repository: str = ""
    owner: str = ""


@dataclass
class Manifest:
    """A model that is deployed."""

    name: str
    version: str
    run_id: str
    source: Source
    image: str = ""
    replicas: int = 1
    made: str = field(default_factory=lambda: dt.datetime.now(dt.timezone.utc).isoformat())

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=2, sort_keys=True)

    def save(self, folder: Path) -> Path:
        path = folder / f"{self.name}-{self.version}.json"
        path.write_text(self.to_json(), encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        data["source"] = Source(**data["source"])
        return cls(**data)


def source_of(run: Run) -> Source:
    """Commit, branch, repository and owner of a run."""
    tags = run.data.tags
    return Source(
        commit=tags.get("mlflow.source.git.commit", "")[:12],
        branch=tags.get("mlflow.source.git.branch", "main"),
        repository=tags.get("mlflow.source.git.repoURL", ""),
        owner=tags.get("owner") or tags.get("mlflow.user", ""),
    )


def replicas_of(run: Run, default: int = 1) -> int:
    """How many copies to serve, from the tag of the run."""
    try:
        wanted = int(run.data.tags.get("serving.replicas", default))
    except ValueError:
        wanted = default
    return max(1, min(wanted, 20))
