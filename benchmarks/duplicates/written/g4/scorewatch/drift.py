"""Measures of drift between two samples."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from mlflow.entities import Run

from scorewatch.settings import SETTINGS, Keys


def psi(expected: np.ndarray, actual: np.ndarray, bins: int = 10) -> float:
    """Population stability index."""
    edges = np.quantile(expected, np.linspace(0, 1, bins + 1))
    edges[0], edges[-1] = -np.inf, np.inf
    share_expected = np.histogram(expected, edges)[0] / max(len(expected), 1)
    share_actual = np.histogram(actual, edges)[0] / max(len(actual), 1)
    share_expected = np.clip(share_expected, 1e-6, None)
    share_actual = np.clip(share_actual, 1e-6, None)
    ratio = np.log(share_actual / share_expected)
    return float(np.sum((share_actual - share_expected) * ratio))


def null_share(column: pd.Series) -> float:
    return float(column.isna().mean())


@dataclass
class DriftReport:
    """The drift of each column and the columns over their limit."""

    values: dict[str, float] = field(default_factory=dict)
    nulls: dict[str, float] = field(default_factory=dict)

    @classmethod
    def between(cls, reference: pd.DataFrame, current: pd.DataFrame) -> DriftReport:
        report = cls()
        for name in reference.select_dtypes("number").columns:
            if name not in current:
                continue
            report.values[name] = psi(
                reference[name].dropna().to_numpy(), current[name].dropna().to_numpy()
            )
            report.nulls[name] = null_share(current[name])
        return report

    def over(self, limits: dict[str, float]) -> list[str]:
        return sorted(
            name
            for name, value in self.values.items()
            if value > limits.get(name, SETTINGS.psi_limit)
        )

    def as_metrics(self) -> dict[str, float]:
        metrics = {f"psi.{name}": value for name, value in self.values.items()}
        metrics.update({f"null.{name}": value for name, value in self.nulls.items()})
        return metrics


def limits_of(run: Run) -> dict[str, float]:
    """The limits of each column that were set when the champion was trained."""
    raw = run.data.tags.get(Keys.LIMITS)
    if raw is None:
        return {}
    return {name: float(value) for name, value in json.loads(raw).items()}
