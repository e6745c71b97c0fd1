from __future__ import annotations

import mlflow
import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import nn

from molrep.base import Experiment
from molrep.data import batches
from molrep.models import Encoder


class Finetune(Experiment):
    phase = "finetune"

    def __init__(self, *args, source: str, kind: str = "conv", repeats: int = 3, **kw):
        super().__init__(*args, **kw)
        self.source = source
        self.kind = kind
        self.repeats = repeats

    def checkpoint(self):
        """best pretraining on `source` with our kind of encoder"""
        clauses = [
            "tags.phase = 'pretrain'",
            f"tags.`data.name` = '{self.source}'",
            f"tags.`arch.kind` = '{self.kind}'",
            "attributes.status = 'FINISHED'",
        ]
        candidates = self.client.search_runs(
            [self.experiment_id],
            filter_string=" AND ".join(clauses),
            order_by=["metrics.best_val_loss ASC"],
            max_results=1,
        )
        if not candidates:
            raise LookupError(f"no pretrained {self.kind} encoder on {self.source}")
        return candidates[0]

    def encoder_of(self, run) -> Encoder:
        kind = run.data.tags["arch.kind"]
        layers = [int(n) for n in run.data.tags["arch.layers"].split(",")]
        return self.load_state(run.info.run_id, Encoder(kind, layers))

    def fit(self, encoder: Encoder) -> float:
        train, _, test = self.dataset.parts()
        head = nn.Linear(encoder.width, 1)
        opt = torch.optim.Adam([*encoder.parameters(), *head.parameters()], lr=self.lr)
        for _ in range(self.epochs):
            for chunk in batches(train, self.batch):
                y = torch.stack([g.y for g in chunk]).float().view(-1)
                loss = nn.functional.binary_cross_entropy_with_logits(head(encoder(chunk)).view(-1), y)
                opt.zero_grad()
                loss.backward()
                opt.step()
        with torch.no_grad():
            score = head(encoder(test)).view(-1).numpy()
        return float(roc_auc_score([int(g.y) for g in test], score))

    def body(self, run_id: str) -> None:
        source = self.checkpoint()
        mlflow.set_tag("source_run", source.info.run_id)
        scores = []
        for i in range(self.repeats):
            with self.child(run_id, i, "repeat") as child_id:
                auc = self.fit(self.encoder_of(source))
                self.client.log_metric(child_id, "auc", auc)
            scores.append(auc)
        mlflow.log_metric("auc", float(np.mean(scores)))
