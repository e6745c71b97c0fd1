"""The models."""

from torch import nn


def build(arch: str, hidden: int) -> nn.Module:
    if arch == "mlp":
        return nn.Sequential(nn.Flatten(), nn.Linear(144, hidden), nn.ReLU(), nn.Linear(hidden, 2))
    if arch == "conv":
        return nn.Sequential(
            nn.Conv2d(1, hidden // 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(hidden * 4, 2)
        )
    raise ValueError(f"no model {arch!r}")
