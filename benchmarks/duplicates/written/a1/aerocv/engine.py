from __future__ import annotations

import time

import mlflow
import torch
from torch.utils.data import DataLoader


class Meter:
    def __init__(self) -> None:
        self.total = 0.0
        self.count = 0

    def add(self, value: float, n: int = 1) -> None:
        self.total += value * n
        self.count += n

    @property
    def mean(self) -> float:
        return self.total / max(self.count, 1)


def train_one_epoch(model, loader: DataLoader, optimizer, device, scaler=None) -> float:
    model.train()
    meter = Meter()
    for images, targets in loader:
        images = [image.to(device) for image in images]
        targets = [{k: v.to(device) for k, v in t.items()} for t in targets]
        with torch.autocast(device.type, enabled=scaler is not None):
            loss = sum(model(images, targets).values())
        optimizer.zero_grad(set_to_none=True)
        if scaler is not None:
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        else:
            loss.backward()
            optimizer.step()
        meter.add(loss.item(), len(images))
    return meter.mean


def fit(model, train, valid, optimizer, epochs: int, device, evaluate) -> float:
    best = 0.0
    for epoch in range(epochs):
        started = time.perf_counter()
        loss = train_one_epoch(model, train, optimizer, device)
        score = evaluate(model, valid, device)
        mlflow.log_metrics(
            {"train_loss": loss, "val_map": score, "seconds": time.perf_counter() - started},
            step=epoch,
        )
        best = max(best, score)
    return best


def quick_fit(model, train, optimizer, device) -> None:
    with mlflow.start_run(run_name="smoke"):
        loss = train_one_epoch(model, train, optimizer, device)
        mlflow.log_metric("train_loss", loss)
