"""What the parts hand to each other."""
from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any, Dict, List


@dataclass(frozen=True)
class JobSpec:
    surface: str
    source: str
    ranker: str
    catalogue: str
    shards: int = 4
    params: Dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same spec has the same key."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:20]


@dataclass
class ShardResult:
    shard: int
    ndcg: float
    rows: int


@dataclass
class Interactions:
    users: List[int]
    items: List[int]
    weights: List[float]

    def shard(self, index: int, count: int) -> "Interactions":
        keep = [i for i, user in enumerate(self.users) if user % count == index]
        return Interactions(
            [self.users[i] for i in keep], [self.items[i] for i in keep], [self.weights[i] for i in keep]
        )

    def __len__(self) -> int:
        return len(self.users)
