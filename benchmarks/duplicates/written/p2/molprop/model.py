"""Directed message passing, small version."""
from __future__ import annotations

import torch
from torch import Tensor, nn

from molprop.config import ModelConfig


class MessagePassing(nn.Module):
    def __init__(self, dim: int, dropout: float):
        super().__init__()
        self.edge = nn.Linear(dim, dim)
        self.gru = nn.GRUCell(dim, dim)
        self.drop = nn.Dropout(dropout)

    def forward(self, h: Tensor, src: Tensor, dst: Tensor) -> Tensor:
        msg = torch.zeros_like(h).index_add_(0, dst, torch.relu(self.edge(h[src])))
        return self.drop(self.gru(msg, h))


class PropertyNet(nn.Module):
    def __init__(self, cfg: ModelConfig, n_atom: int, n_out: int):
        super().__init__()
        self.embed = nn.Linear(n_atom, cfg.hidden)
        self.layers = nn.ModuleList(MessagePassing(cfg.hidden, cfg.dropout) for _ in range(cfg.depth))
        self.gate = nn.Linear(cfg.hidden, 1) if cfg.readout == "attention" else None
        self.head = nn.Sequential(nn.Linear(cfg.hidden, cfg.hidden), nn.SiLU(), nn.Linear(cfg.hidden, n_out))

    def forward(self, atoms: Tensor, src: Tensor, dst: Tensor, batch: Tensor) -> Tensor:
        h = self.embed(atoms)
        for layer in self.layers:
            h = layer(h, src, dst)
        if self.gate is not None:
            h = h * torch.sigmoid(self.gate(h))
        pooled = torch.zeros(int(batch.max()) + 1, h.shape[1], device=h.device).index_add_(0, batch, h)
        return self.head(pooled)


def masked_mse(pred: Tensor, y: Tensor) -> Tensor:
    mask = ~torch.isnan(y)
    return ((pred - torch.nan_to_num(y)) ** 2)[mask].mean()
