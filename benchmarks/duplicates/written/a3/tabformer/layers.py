from __future__ import annotations

import math

import torch
from torch import nn


class NumericalEmbedding(nn.Module):
    def __init__(self, features: int, dim: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(features, dim))
        self.bias = nn.Parameter(torch.zeros(features, dim))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x):
        return x.unsqueeze(-1) * self.weight + self.bias


class CategoricalEmbedding(nn.Module):
    def __init__(self, cardinalities: list[int], dim: int):
        super().__init__()
        offsets = torch.tensor([0] + cardinalities[:-1]).cumsum(0)
        self.register_buffer("offsets", offsets)
        self.table = nn.Embedding(sum(cardinalities), dim)

    def forward(self, x):
        return self.table(x + self.offsets)


class Block(nn.Module):
    def __init__(self, dim: int, heads: int, dropout: float):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attention = nn.MultiheadAttention(dim, heads, dropout=dropout, batch_first=True)
        self.norm2 = nn.LayerNorm(dim)
        self.ff = nn.Sequential(
            nn.Linear(dim, 2 * dim), nn.GELU(), nn.Dropout(dropout), nn.Linear(2 * dim, dim)
        )

    def forward(self, x):
        h = self.norm1(x)
        x = x + self.attention(h, h, h, need_weights=False)[0]
        return x + self.ff(self.norm2(x))


class FTTransformer(nn.Module):
    def __init__(self, numeric: int, cardinalities: list[int], dim=96, depth=3, heads=8, dropout=0.1):
        super().__init__()
        self.cls = nn.Parameter(torch.randn(1, 1, dim) * 0.02)
        self.numeric = NumericalEmbedding(numeric, dim)
        self.categorical = CategoricalEmbedding(cardinalities, dim) if cardinalities else None
        self.blocks = nn.Sequential(*[Block(dim, heads, dropout) for _ in range(depth)])
        self.head = nn.Sequential(nn.LayerNorm(dim), nn.ReLU(), nn.Linear(dim, 1))

    def forward(self, numeric, categorical=None):
        tokens = [self.cls.expand(len(numeric), -1, -1), self.numeric(numeric)]
        if self.categorical is not None:
            tokens.append(self.categorical(categorical))
        return self.head(self.blocks(torch.cat(tokens, dim=1))[:, 0]).squeeze(-1)
