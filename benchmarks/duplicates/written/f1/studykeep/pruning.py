"""Stop trials that will not win."""

from typing import Sequence


class MedianPruner:
    """Prune when a trial is worse than the median of the others at the same step."""

    def __init__(self, warmup: int = 3, minimize: bool = True):
        self.warmup = warmup
        self.minimize = minimize

    def should_prune(self, step: int, value: float, others: Sequence[float]) -> bool:
        if step < self.warmup or not others:
            return False
        ranked = sorted(others)
        middle = ranked[len(ranked) // 2]
        return value > middle if self.minimize else value < middle


class PatiencePruner:
    """Prune when a trial did not get better for some steps."""

    def __init__(self, patience=5, minimize=True):
        self.patience = patience
        self.minimize = minimize
        self._best = None
        self._since = 0

    def should_prune(self, step, value, others=()):
        sign = 1 if self.minimize else -1
        if self._best is None or sign * value < sign * self._best:
            self._best, self._since = value, 0
        else:
            self._since += 1
        return self._since >= self.patience
