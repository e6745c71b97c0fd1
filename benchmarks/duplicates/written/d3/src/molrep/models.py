from __future__ import annotations

import torch
from torch import nn

from molrep.data import Graph


class GraphConv(nn.Module):
    def __init__(self, n_in: int, n_out: int):
        super().__init__()
        self.own = nn.Linear(n_in, n_out)
        self.others = nn.Linear(n_in, n_out, bias=False)

    def forward(self, x: torch.Tensor, adj: torch.Tensor) -> torch.Tensor:
        degree = adj.sum(-1, keepdim=True).clamp(min=1)
        return torch.relu(self.own(x) + self.others(adj @ x / degree))


class GraphAttention(nn.Module):
    def __init__(self, n_in: int, n_out: int):
        super().__init__()
        self.value = nn.Linear(n_in, n_out)
        self.score = nn.Linear(2 * n_out, 1)

    def forward(self, x: torch.Tensor, adj: torch.Tensor) -> torch.Tensor:
        v = self.value(x)
        n = len(v)
        pairs = torch.cat([v.unsqueeze(1).expand(n, n, -1), v.unsqueeze(0).expand(n, n, -1)], dim=-1)
        a = self.score(pairs).squeeze(-1).masked_fill(adj == 0, -1e9).softmax(-1)
        return torch.relu(a @ v + v)


BLOCKS = {"conv": GraphConv, "attention": GraphAttention}


class Encoder(nn.Module):
    def __init__(self, kind: str, layers: list[int], n_in: int = 39):
        super().__init__()
        self.kind = kind
        self.layers = list(layers)
        sizes = [n_in, *layers]
        self.blocks = nn.ModuleList(BLOCKS[kind](a, b) for a, b in zip(sizes, sizes[1:]))

    @property
    def width(self) -> int:
        return self.layers[-1]

    def nodes(self, g: Graph) -> torch.Tensor:
        h = g.x
        for block in self.blocks:
            h = block(h, g.adj)
        return h

    def forward(self, graphs: list[Graph]) -> torch.Tensor:
        return torch.stack([self.nodes(g).mean(0) for g in graphs])
