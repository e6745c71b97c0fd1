"""Query suggestions: a trie with decayed counts."""

from __future__ import annotations

import pickle
from collections import Counter
from pathlib import Path

import mlflow
import pandas as pd

from indexer.analyzers import fold
from mlutils import component_run


class Trie:
    def __init__(self) -> None:
        self.root: dict = {}

    def add(self, text: str, weight: float) -> None:
        node = self.root
        for c in text:
            node = node.setdefault(c, {})
        node["$"] = node.get("$", 0.0) + weight

    def complete(self, prefix: str, limit: int = 8) -> list[str]:
        node = self.root
        for c in prefix:
            if c not in node:
                return []
            node = node[c]
        found: list[tuple[float, str]] = []
        stack = [(node, prefix)]
        while stack:
            at, text = stack.pop()
            for key, value in at.items():
                if key == "$":
                    found.append((value, text))
                else:
                    stack.append((value, text + key))
        return [t for _, t in sorted(found, reverse=True)[:limit]]


def train(log: pd.DataFrame, target: Path, half_life: float = 14.0) -> Trie:
    trie, counts = Trie(), Counter()
    newest = log["day"].max()
    for query, day in zip(log["query"], log["day"]):
        counts[fold(query)] += 0.5 ** ((newest - day).days / half_life)
    for query, weight in counts.items():
        trie.add(query, weight)
    with component_run("suggest", f"trie-{newest:%Y%m%d}"):
        mlflow.log_param("half_life", half_life)
        mlflow.log_metric("queries", len(counts))
        target.write_bytes(pickle.dumps(trie))
        mlflow.log_artifact(str(target))
    return trie
