from __future__ import annotations

import mlflow
import numpy as np
import torch
from sklearn.datasets import fetch_california_housing
from sklearn.model_selection import train_test_split

from tabformer.layers import FTTransformer


def load(cfg):
    X, y = fetch_california_housing(return_X_y=True)
    mean, std = X.mean(0), X.std(0)
    X = ((X - mean) / std).astype(np.float32)
    return train_test_split(X, y.astype(np.float32), test_size=0.2, random_state=cfg.seed)


def batches(X, y, size, rng):
    order = rng.permutation(len(X))
    for start in range(0, len(X), size):
        pick = order[start : start + size]
        yield torch.from_numpy(X[pick]), torch.from_numpy(y[pick])


def fit(cfg, report=None) -> float:
    X_train, X_valid, y_train, y_valid = load(cfg)
    model = FTTransformer(X_train.shape[1], [], dim=cfg.model.dim, depth=cfg.model.depth)
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
    rng = np.random.default_rng(cfg.seed)
    best = float("inf")
    for epoch in range(cfg.epochs):
        model.train()
        for xb, yb in batches(X_train, y_train, cfg.batch_size, rng):
            loss = torch.nn.functional.mse_loss(model(xb), yb)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            pred = model(torch.from_numpy(X_valid)).numpy()
        rmse = float(np.sqrt(np.mean((pred - y_valid) ** 2)))
        best = min(best, rmse)
        if report is not None:
            report(epoch, rmse)
        elif mlflow.active_run():
            mlflow.log_metric("rmse", rmse, step=epoch)
    return best
