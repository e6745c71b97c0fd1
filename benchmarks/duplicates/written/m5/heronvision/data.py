"""Made-up data, small enough for a laptop."""

from __future__ import annotations

import torch
from torch.utils.data import DataLoader, TensorDataset, random_split


def shapes(n: int = 2000, size: int = 12, seed: int = 0) -> TensorDataset:
    """Squares and crosses on a noisy ground."""
    gen = torch.Generator().manual_seed(seed)
    images = torch.rand(n, 1, size, size, generator=gen) * 0.3
    labels = torch.randint(0, 2, (n,), generator=gen)
    for i in range(n):
        x, y = torch.randint(2, size - 3, (2,), generator=gen).tolist()
        if labels[i] == 0:
            images[i, 0, y - 1 : y + 2, x - 1 : x + 2] = 1.0
        else:
            images[i, 0, y, x - 2 : x + 3] = 1.0
            images[i, 0, y - 2 : y + 3, x] = 1.0
    return TensorDataset(images, labels)


def loaders(batch_size: int, seed: int) -> tuple:
    data = shapes(seed=seed)
    train, val = random_split(data, [0.8, 0.2], generator=torch.Generator().manual_seed(seed))
    return DataLoader(train, batch_size, shuffle=True), DataLoader(val, 256)
