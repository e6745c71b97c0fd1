"""Single training with resume."""
from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from pathlib import Path
from typing import Iterator

import mlflow
import torch
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
from torch.utils.data import DataLoader

from molprop.config import TrainConfig
from molprop.data import AssayDataset, load_table, table_sha
from molprop.model import PropertyNet, masked_mse
from molprop.tracking import ensure_experiment, find_unfinished

logger = logging.getLogger(__name__)


class Trainer:
    def __init__(self, cfg: TrainConfig, device: str = "cuda"):
        self.cfg = cfg
        self.device = device
        self.client = MlflowClient()
        self.experiment_id = ensure_experiment(self.client, cfg.experiment, os.getenv("ARTIFACT_ROOT"))
        self.frame = load_table(cfg.data)
        self.net = PropertyNet(cfg.model, n_atom=133, n_out=len(cfg.data.targets)).to(device)
        self.opt = torch.optim.AdamW(self.net.parameters(), lr=cfg.lr, weight_decay=cfg.weight_decay)
        self.epoch = 0

    def _data_tags(self) -> dict[str, str]:
        data = self.cfg.data
        return {
            "assay": data.assay,
            "split": data.split,
            "data_sha": table_sha(self.frame),
            "n_mols": str(len(self.frame)),
            "targets": ", ".join(data.targets),
        }

    @contextlib.contextmanager
    def open_run(self) -> Iterator[Run]:
        unfinished = find_unfinished(self.client, self.experiment_id, self.cfg.digest())
        if unfinished is not None:
            with mlflow.start_run(run_id=unfinished.info.run_id) as run:
                self._restore(run)
                yield run
            return
        tags = self._data_tags() | {"config_hash": self.cfg.digest(), "role": "single"}
        with mlflow.start_run(experiment_id=self.experiment_id, run_name=self.cfg.data.assay, tags=tags) as run:
            mlflow.log_params(self.cfg.as_params())
            yield run

    def _restore(self, run: Run) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            try:
                path = self.client.download_artifacts(run.info.run_id, "ckpt/last.pt", tmp)
            except MlflowException:
                logger.warning("no checkpoint in %s, starting over", run.info.run_id)
                return
            state = torch.load(path, map_location=self.device)
        self.net.load_state_dict(state["net"])
        self.opt.load_state_dict(state["opt"])
        self.epoch = state["epoch"] + 1

    def _save(self) -> None:
        with tempfile.TemporaryDirectory() as tmp:
            path = Path(tmp) / "last.pt"
            torch.save({"net": self.net.state_dict(), "opt": self.opt.state_dict(), "epoch": self.epoch}, path)
            mlflow.log_artifact(str(path), "ckpt")

    def fit(self, train_idx, valid_idx, collate) -> float:
        targets = self.cfg.data.targets
        train = DataLoader(AssayDataset(self.frame.iloc[train_idx], targets), self.cfg.batch_size, True, collate_fn=collate)
        valid = DataLoader(AssayDataset(self.frame.iloc[valid_idx], targets), 256, collate_fn=collate)
        best, since = float("inf"), 0
        while self.epoch < self.cfg.epochs and since < self.cfg.patience:
            self.net.train()
            for graph, y in train:
                self.opt.zero_grad()
                loss = masked_mse(self.net(*graph), y)
                loss.backward()
                torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
                self.opt.step()
            self.net.eval()
            with torch.no_grad():
                mse = [masked_mse(self.net(*g), y).item() for g, y in valid]
            rmse = (sum(mse) / len(mse)) ** 0.5
            mlflow.log_metric("val_rmse", rmse, step=self.epoch)
            best, since = (rmse, 0) if rmse < best else (best, since + 1)
            self._save()
            self.epoch += 1
        return best
