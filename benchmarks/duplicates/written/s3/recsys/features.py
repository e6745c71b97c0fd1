"""Feature sets and their hashes."""
from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Column:
    name: str
    dtype: str
    source: str
    default: float = 0.0


@dataclass
class FeatureSet:
    name: str
    columns: list[Column] = field(default_factory=list)
    schema_version: int = 3

    @classmethod
    def from_yaml(cls, path: Path) -> "FeatureSet":
        raw = yaml.safe_load(path.read_text())
        cols = [Column(**c) for c in raw["columns"]]
        names = [c.name for c in cols]
        if len(names) != len(set(names)):
            dup = sorted({n for n in names if names.count(n) > 1})
            raise ValueError(f"{path}: columns twice: {', '.join(dup)}")
        return cls(raw["name"], cols, raw.get("schema_version", 3))

    def digest(self) -> str:
        payload = [[c.name, c.dtype, c.source] for c in sorted(self.columns, key=lambda c: c.name)]
        return hashlib.sha256(json.dumps([self.schema_version, payload]).encode()).hexdigest()[:12]

    def sources(self) -> set[str]:
        return {c.source for c in self.columns}

    def sql(self, market: str) -> str:
        cols = ",\n  ".join(f"COALESCE({c.source}.{c.name}, {c.default}) AS {c.name}" for c in self.columns)
        first, *rest = sorted(self.sources())
        joins = "\n".join(f"LEFT JOIN {s} USING (customer_id, article_id)" for s in rest)
        return f"SELECT\n  {cols}\nFROM {first}\n{joins}\nWHERE market = '{market}'"
