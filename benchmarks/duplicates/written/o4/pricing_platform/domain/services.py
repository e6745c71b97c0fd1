"""Domain services: rules which need more than one object."""
from __future__ import annotations

import datetime
from typing import Iterable, List, Sequence, Tuple

from pricing_platform.domain.model import Actor, ApprovalError, ApprovalState, CalibrationRun


class FourEyesPolicy:
    """The one who calibrates may not approve."""

    def __init__(self, departments: Sequence[str] = ("ACT-REVIEW", "RISK")) -> None:
        self._departments = tuple(departments)

    def check(self, run: CalibrationRun, author: str, approver: Actor) -> None:
        if approver.is_technical:
            raise ApprovalError("technical users do not approve")
        if approver.user_id == author:
            raise ApprovalError("author and approver are the same person")
        if approver.department not in self._departments:
            raise ApprovalError(f"{approver.department} may not approve")
        if run.state is not ApprovalState.SUBMITTED:
            raise ApprovalError(f"run is {run.state.value}, not submitted")


class LiftTable:
    """Observed and expected by band of the score."""

    def __init__(self, bands: int = 10) -> None:
        self._bands = bands

    def compute(self, expected: Sequence[float], observed: Sequence[float]) -> List[Tuple[int, float, float]]:
        pairs = sorted(zip(expected, observed))
        size = max(1, len(pairs) // self._bands)
        table = []
        for band in range(self._bands):
            part = pairs[band * size : (band + 1) * size]
            if not part:
                break
            mean_expected = sum(e for e, _ in part) / len(part)
            mean_observed = sum(o for _, o in part) / len(part)
            table.append((band + 1, mean_expected, mean_observed))
        return table


def gini(expected: Sequence[float], observed: Sequence[float]) -> float:
    """Gini of the lift, by the trapezoid rule."""
    order = sorted(range(len(expected)), key=lambda i: expected[i])
    total = sum(observed) or 1.0
    area, cumulated = 0.0, 0.0
    for i in order:
        before = cumulated
        cumulated += observed[i] / total
        area += (before + cumulated) / 2 / len(order)
    return 1 - 2 * area


def stale(runs: Iterable[CalibrationRun], today: datetime.date, days: int = 400) -> List[CalibrationRun]:
    return [run for run in runs if (today - run.started.date()).days > days]
