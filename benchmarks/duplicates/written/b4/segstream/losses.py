"""Losses beside cross entropy."""

from __future__ import annotations

import torch
from torch.nn import functional as F


def dice(logits: torch.Tensor, target: torch.Tensor, ignore: int = 255, eps: float = 1.0) -> torch.Tensor:
    classes = logits.shape[1]
    keep = (target != ignore).unsqueeze(1)
    onehot = F.one_hot(target.masked_fill(target == ignore, 0), classes).permute(0, 3, 1, 2) * keep
    probability = logits.softmax(1) * keep
    inter = (probability * onehot).sum((0, 2, 3))
    total = (probability + onehot).sum((0, 2, 3))
    return 1 - ((2 * inter + eps) / (total + eps)).mean()


def focal(logits: torch.Tensor, target: torch.Tensor, gamma: float = 2.0, ignore: int = 255) -> torch.Tensor:
    entropy = F.cross_entropy(logits, target, ignore_index=ignore, reduction="none")
    return ((1 - torch.exp(-entropy)) ** gamma * entropy).mean()


def boundary(mask: torch.Tensor, width: int = 3) -> torch.Tensor:
    as_float = mask.float().unsqueeze(1)
    grown = F.max_pool2d(as_float, width, 1, width // 2)
    shrunk = -F.max_pool2d(-as_float, width, 1, width // 2)
    return (grown != shrunk).squeeze(1)


def combined(logits, target, weights=(1.0, 0.5, 0.0), ignore: int = 255) -> torch.Tensor:
    parts = (
        F.cross_entropy(logits, target, ignore_index=ignore),
        dice(logits, target, ignore),
        focal(logits, target, ignore=ignore),
    )
    return sum(w * p for w, p in zip(weights, parts) if w)
