"""Candidate sources."""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from typing import Dict, List

from shelfrec.registry import sources
from shelfrec.types import Interactions


class Source(ABC):
    @abstractmethod
    def fit(self, data: Interactions) -> None: ...

    @abstractmethod
    def candidates(self, user: int, count: int) -> List[int]: ...


@sources.register("popular")
class Popular(Source):
    def __init__(self) -> None:
        self.top: List[int] = []

    def fit(self, data: Interactions) -> None:
        weight: Counter = Counter()
        for item, value in zip(data.items, data.weights):
            weight[item] += value
        self.top = [item for item, _ in weight.most_common(1000)]

    def candidates(self, user: int, count: int) -> List[int]:
        return self.top[:count]


@sources.register("together")
class BoughtTogether(Source):
    def __init__(self, window: int = 50) -> None:
        self.window = window
        self.near: Dict[int, Counter] = defaultdict(Counter)
        self.seen: Dict[int, List[int]] = defaultdict(list)

    def fit(self, data: Interactions) -> None:
        for user, item in zip(data.users, data.items):
            for other in self.seen[user][-self.window :]:
                self.near[other][item] += 1
                self.near[item][other] += 1
            self.seen[user].append(item)

    def candidates(self, user: int, count: int) -> List[int]:
        votes: Counter = Counter()
        for item in self.seen[user]:
            votes.update(self.near[item])
        return [item for item, _ in votes.most_common(count)]
