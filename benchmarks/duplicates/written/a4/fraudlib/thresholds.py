"""Choosing alert thresholds under a review budget."""
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Budget:
    reviews_per_day: int
    minutes_per_review: float = 6.0

    @property
    def hours(self) -> float:
        return self.reviews_per_day * self.minutes_per_review / 60


def threshold_for(scores, days, budget):
    per_day = len(scores) / days
    share = min(budget.reviews_per_day / max(per_day, 1), 1.0)
    return float(np.quantile(scores, 1 - share))


def expected_savings(scores, labels, amounts, threshold, cost_per_review=4.5):
    flagged = scores >= threshold
    saved = amounts[flagged & (labels == 1)].sum()
    return float(saved - flagged.sum() * cost_per_review)
