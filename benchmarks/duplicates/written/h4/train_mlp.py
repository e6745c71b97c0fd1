"""MLP on the composition, many seeds."""
import argparse
import os
import platform

import mlflow
import mlflow.pytorch
import torch
from mlflow.tracking import MlflowClient
from torch import nn

from utils import composition, git_commit, load_split, r2, seed_everything


def net(width):
    return nn.Sequential(nn.Linear(20, width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(width, 1))


def fit(model, x, y, epochs, lr):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for epoch in range(epochs):
        opt.zero_grad()
        loss = nn.functional.mse_loss(model(x).squeeze(1), y)
        loss.backward()
        opt.step()
        if epoch % 20 == 0:
            mlflow.log_metric("loss", float(loss), step=epoch)


def setup():
    client = MlflowClient()
    try:
        eid = client.create_experiment("solubility")
    except Exception:
        eid = client.get_experiment_by_name("solubility").experiment_id
    mlflow.set_experiment(experiment_id=eid)
    return eid


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--split", default="random")
    ap.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    ap.add_argument("--width", type=int, default=128)
    ap.add_argument("--epochs", type=int, default=200)
    ap.add_argument("--lr", type=float, default=1e-3)
    a = ap.parse_args()
    setup()
    xs, y = load_split(a.split, "train")
    vs, vy = load_split(a.split, "valid")
    x, v = torch.tensor(composition(xs)), torch.tensor(composition(vs))
    for seed in a.seeds:
        seed_everything(seed)
        info = dict(host=platform.node(), commit=git_commit(), seed=str(seed))
        info["slurm"] = os.getenv("SLURM_JOB_ID") or "local"
        info["model"] = "mlp"
        info["split"] = a.split
        with mlflow.start_run(run_name=f"mlp-{a.split}-s{seed}", tags=info):
            mlflow.log_params({"width": a.width, "epochs": a.epochs, "lr": a.lr})
            model = net(a.width)
            fit(model, x, torch.tensor(y), a.epochs, a.lr)
            model.eval()
            with torch.no_grad():
                mlflow.log_metric("val_r2", r2(vy, model(v).squeeze(1).numpy()))
            mlflow.pytorch.log_model(model, "model")


if __name__ == "__main__":
    main()
