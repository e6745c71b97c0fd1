"""Offline evaluation."""
import numpy as np
import pandas as pd


def ips(logs, policy, clip=20.0):
    """inverse propensity score of a policy on logged data"""
    total, weight = 0.0, 0.0
    for row in logs.itertuples():
        chosen = policy.choose(getattr(row, "x", None))
        if chosen != row.arm:
            continue
        w = min(clip, 1.0 / max(row.propensity, 1e-6))
        total += w * row.reward
        weight += w
    return {"ips_ctr": total / max(len(logs), 1), "snips_ctr": total / weight if weight else 0.0}


def replay(logs, policy):
    rewards = []
    for row in logs.itertuples():
        x = getattr(row, "x", None)
        if policy.choose(x) == row.arm:
            policy.update(row.arm, row.reward, x)
            rewards.append(row.reward)
    return {"replay_ctr": float(np.mean(rewards)) if rewards else 0.0, "replay_n": len(rewards)}


def ndcg(relevance, k=10):
    gains = np.asarray(relevance[:k], dtype=float)
    discounts = 1 / np.log2(np.arange(2, len(gains) + 2))
    ideal = np.sort(np.asarray(relevance, dtype=float))[::-1][:k]
    best = (ideal * discounts[: len(ideal)]).sum()
    return float((gains * discounts).sum() / best) if best else 0.0


def cumulative_regret(logs, best_arm):
    by_arm = logs.groupby("arm")["reward"].mean()
    return float((by_arm[best_arm] - logs["reward"]).cumsum().iloc[-1])


def read_logs(path, since=None):
    frame = pd.read_parquet(path)
    if since is not None:
        frame = frame[frame["ts"] >= since]
    return frame.dropna(subset=["arm", "reward"])
