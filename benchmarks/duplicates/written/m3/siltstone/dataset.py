"""Data sets and their versions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Optional

import pandas as pd


@dataclass(frozen=True)
class DatasetVersion:
    name: str
    digest: str
    uri: str
    rows: int
    parents: tuple = ()

    @property
    def short(self) -> str:
        return self.digest[:12]

    def __str__(self) -> str:
        return f"{self.name}@{self.short}"


@dataclass
class Dataset:
    """A named folder of parquet files; each content is a version."""

    name: str
    root: Path
    versions: List[DatasetVersion] = field(default_factory=list)

    def commit(self, frame: pd.DataFrame, parents: tuple = ()) -> DatasetVersion:
        digest = hashlib.sha256(pd.util.hash_pandas_object(frame).to_numpy().tobytes()).hexdigest()
        target = self.root / self.name / f"{digest[:12]}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            frame.to_parquet(target)
        version = DatasetVersion(self.name, digest, target.as_uri(), len(frame), parents)
        self.versions.append(version)
        return version

    def get(self, digest: Optional[str] = None) -> DatasetVersion:
        if digest is None:
            return self.versions[-1]
        for version in self.versions:
            if version.digest.startswith(digest):
                return version
        raise KeyError(digest)
