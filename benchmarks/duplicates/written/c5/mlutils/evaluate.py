"""Ranking metrics."""

from __future__ import annotations

import numpy as np


def dcg(relevance: np.ndarray, k: int) -> float:
    top = np.asarray(relevance, dtype=float)[:k]
    return float(((2**top - 1) / np.log2(np.arange(2, len(top) + 2))).sum())


def ndcg(relevance: np.ndarray, k: int = 10) -> float:
    ideal = dcg(np.sort(relevance)[::-1], k)
    return dcg(relevance, k) / ideal if ideal else 0.0


def reciprocal_rank(relevance: np.ndarray) -> float:
    hits = np.flatnonzero(np.asarray(relevance) > 0)
    return 1.0 / (hits[0] + 1) if len(hits) else 0.0


def zero_result_rate(result_counts: np.ndarray) -> float:
    return float((np.asarray(result_counts) == 0).mean())


def bootstrap(values: np.ndarray, rounds: int = 500, seed: int = 0) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    means = [rng.choice(values, len(values)).mean() for _ in range(rounds)]
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
