from __future__ import annotations

import mlflow
import torch
from torch import nn

from molrep.base import Experiment, arch_tags, logger
from molrep.data import Graph, batches
from molrep.models import Encoder


class MaskedAtoms(Experiment):
    """Guess the features of masked atoms."""

    phase = "pretrain"

    def __init__(self, *args, encoder: Encoder, mask: float = 0.15, **kw):
        super().__init__(*args, **kw)
        self.encoder = encoder
        self.mask = mask
        self.head = nn.Linear(encoder.width, 39)

    def extra_tags(self):
        return arch_tags(self.encoder)

    def loss(self, graphs: list[Graph]) -> torch.Tensor:
        total = torch.zeros(())
        for g in graphs:
            hidden = torch.rand(len(g.x)) < self.mask
            if not hidden.any():
                continue
            x = g.x.clone()
            x[hidden] = 0
            out = self.head(self.encoder.nodes(Graph(x, g.adj)))
            total = total + nn.functional.mse_loss(out[hidden], g.x[hidden])
        return total / len(graphs)

    def body(self, run_id: str) -> None:
        train, val, _ = self.dataset.parts()
        params = [*self.encoder.parameters(), *self.head.parameters()]
        opt = torch.optim.Adam(params, lr=self.lr)
        best = float("inf")
        for epoch in range(self.epochs):
            for chunk in batches(train, self.batch):
                loss = self.loss(chunk)
                opt.zero_grad()
                loss.backward()
                opt.step()
            with torch.no_grad():
                value = float(self.loss(val))
            mlflow.log_metric("val_loss", value, step=epoch)
            if value < best:
                best = value
                self.save_state(run_id, self.encoder)
        mlflow.log_metric("best_val_loss", best)
        logger.info("pretrained: %.4f", best)


class Resumed(MaskedAtoms):
    """Goes on with a run that the cluster killed."""

    def __init__(self, *args, run_id: str, **kw):
        super().__init__(*args, **kw)
        self.run_id = run_id

    def execute(self) -> str:
        with mlflow.start_run(run_id=self.run_id):
            mlflow.set_tag("resumed", "true")
            self.load_state(self.run_id, self.encoder)
            self.body(self.run_id)
        return self.run_id
