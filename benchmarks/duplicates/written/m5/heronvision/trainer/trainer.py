"""A plain trainer."""

from __future__ import annotations

import random
from typing import Dict, List, Optional

import numpy as np
import torch
from torch import nn

from heronvision.config import TrainConfig
from heronvision.data import loaders
from heronvision.models import build


class Trainer:
    def __init__(self, cfg: TrainConfig, callbacks: Optional[List] = None) -> None:
        self.cfg = cfg
        self.callbacks = callbacks or []
        random.seed(cfg.seed)
        np.random.seed(cfg.seed)
        torch.manual_seed(cfg.seed)
        self.model = build(cfg.arch, cfg.hidden)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=cfg.lr)
        self.train_loader, self.val_loader = loaders(cfg.batch_size, cfg.seed)
        self.epoch = 0

    def _call(self, hook: str, *args) -> None:
        for callback in self.callbacks:
            getattr(callback, hook, lambda *a: None)(self, *args)

    def fit(self) -> Dict[str, float]:
        self._call("on_train_start")
        metrics: Dict[str, float] = {}
        while self.epoch < self.cfg.epochs:
            self.model.train()
            for x, y in self.train_loader:
                loss = nn.functional.cross_entropy(self.model(x), y)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
            metrics = self.validate()
            self.epoch += 1
            self._call("on_epoch_end", metrics)
        self.save()
        self._call("on_train_end", metrics)
        return metrics

    @torch.no_grad()
    def validate(self) -> Dict[str, float]:
        self.model.eval()
        right = total = 0
        loss = 0.0
        for x, y in self.val_loader:
            out = self.model(x)
            loss += nn.functional.cross_entropy(out, y, reduction="sum").item()
            right += int((out.argmax(1) == y).sum())
            total += len(y)
        return {"val_loss": loss / total, "val_acc": right / total}

    def save(self) -> str:
        self.cfg.folder.mkdir(parents=True, exist_ok=True)
        path = self.cfg.folder / "last.pt"
        torch.save({"model": self.model.state_dict(), "epoch": self.epoch}, path)
        return str(path)

    def load(self, path: str) -> None:
        state = torch.load(path)
        self.model.load_state_dict(state["model"])
        self.epoch = state["epoch"]
