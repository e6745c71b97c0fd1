"""Weight of evidence binning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass
class Binning:
    variable: str
    edges: np.ndarray
    woe: np.ndarray

    def transform(self, values: pd.Series) -> np.ndarray:
        return self.woe[np.clip(np.digitize(values, self.edges[1:-1]), 0, len(self.woe) - 1)]


def fit_binning(values: pd.Series, bad: pd.Series, bins: int = 8) -> Binning:
    edges = np.unique(np.quantile(values.dropna(), np.linspace(0, 1, bins + 1)))
    index = np.clip(np.digitize(values, edges[1:-1]), 0, len(edges) - 2)
    woe = np.zeros(len(edges) - 1)
    for b in range(len(edges) - 1):
        inside = index == b
        good = ((1 - bad)[inside].sum() + 0.5) / ((1 - bad).sum() + 0.5)
        evil = (bad[inside].sum() + 0.5) / (bad.sum() + 0.5)
        woe[b] = np.log(good / evil)
    return Binning(values.name, edges, woe)


def information_value(binning: Binning, values: pd.Series, bad: pd.Series) -> float:
    w = binning.transform(values)
    frame = pd.DataFrame({"w": w, "bad": bad})
    by = frame.groupby("w")["bad"].agg(["sum", "count"])
    evil = by["sum"] / by["sum"].sum()
    good = (by["count"] - by["sum"]) / (by["count"] - by["sum"]).sum()
    return float(((good - evil) * by.index).sum())
