"""Figures."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd


def series(observed: pd.Series, predicted: np.ndarray, title: str) -> plt.Figure:
    figure, axes = plt.subplots(figsize=(8, 3))
    axes.plot(observed.index, observed, label="observed", color="black", lw=1)
    axes.plot(observed.index, predicted, label="predicted", color="tab:green", lw=1)
    axes.set_title(title)
    axes.set_ylabel("moisture")
    axes.legend(frameon=False)
    return figure


def scatter(observed: pd.Series, predicted: np.ndarray) -> plt.Figure:
    figure, axes = plt.subplots(figsize=(4, 4))
    axes.scatter(observed, predicted, s=4)
    low, high = float(observed.min()), float(observed.max())
    axes.plot([low, high], [low, high], color="grey", ls="--")
    axes.set_xlabel("observed")
    axes.set_ylabel("predicted")
    return figure


def bars(values: dict[str, float], label: str) -> plt.Figure:
    figure, axes = plt.subplots(figsize=(5, 3))
    axes.bar(list(values), list(values.values()), color="tab:blue")
    axes.set_ylabel(label)
    return figure


def learning(history: pd.DataFrame) -> plt.Figure:
    figure, axes = plt.subplots(figsize=(5, 3))
    for name, part in history.groupby("run"):
        axes.plot(part["step"], part["value"], label=name)
    axes.set_xlabel("trees")
    axes.legend(frameon=False)
    return figure
