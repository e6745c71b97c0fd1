from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch


@dataclass
class Graph:
    x: torch.Tensor
    adj: torch.Tensor
    y: torch.Tensor | None = None


@dataclass
class GraphDataset:
    name: str
    split: str
    graphs: list[Graph] = field(default_factory=list)
    seed: int = 0

    @classmethod
    def load(cls, root: str | Path, name: str, split: str = "scaffold", seed: int = 0) -> GraphDataset:
        path = Path(root) / name / "graphs.pt"
        return cls(name, split, torch.load(path), seed)

    def __len__(self) -> int:
        return len(self.graphs)

    def fingerprint(self) -> str:
        h = hashlib.sha1(self.name.encode())
        for g in self.graphs:
            h.update(np.ascontiguousarray(g.x.numpy()).tobytes())
        return h.hexdigest()[:12]

    def parts(self, val: float = 0.1, test: float = 0.1) -> tuple[list[Graph], list[Graph], list[Graph]]:
        order = np.random.default_rng(self.seed).permutation(len(self.graphs))
        n_test, n_val = int(test * len(order)), int(val * len(order))
        take = lambda idx: [self.graphs[i] for i in idx]  # noqa: E731
        return take(order[n_test + n_val :]), take(order[n_test : n_test + n_val]), take(order[:n_test])

    def describe(self) -> str:
        sizes = [len(g.x) for g in self.graphs]
        return json.dumps({"n": len(sizes), "atoms": float(np.mean(sizes)), "max": max(sizes)})


def batches(graphs: list[Graph], size: int, shuffle: bool = True):
    order = np.random.permutation(len(graphs)) if shuffle else np.arange(len(graphs))
    for i in range(0, len(order), size):
        yield [graphs[j] for j in order[i : i + size]]
