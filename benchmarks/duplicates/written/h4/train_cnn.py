"""CNN on the sequence. Copied from train_mlp.py, then changed."""
import argparse
import os
import socket

import mlflow
import mlflow.pytorch
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

import utils


class CNN(nn.Module):
    def __init__(self, channels=64):
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv1d(20, channels, 7, padding=3), nn.ReLU(), nn.Conv1d(channels, channels, 5, padding=2), nn.ReLU()
        )
        self.head = nn.Linear(channels, 1)

    def forward(self, x):
        return self.head(self.conv(x).amax(dim=2)).squeeze(1)


def train(args):
    utils.seed_everything(args.seed)
    utils.use_experiment()
    xs, y = utils.load_split(args.split, "train")
    vs, vy = utils.load_split(args.split, "valid")
    loader = DataLoader(TensorDataset(torch.tensor(utils.one_hot(xs)), torch.tensor(y)), 32, shuffle=True)
    where = {}
    for key, value in (
        ("host", socket.gethostname()),
        ("commit", utils.git_commit()),
        ("seed", args.seed),
        ("slurm", os.environ.get("SLURM_JOB_ID", "local")),
    ):
        where[key] = str(value)
    if args.resume:
        run = mlflow.start_run(run_id=args.resume)
    else:
        run = mlflow.start_run(run_name=f"cnn-{args.split}", tags={**where, "model": "cnn", "split": args.split})
    model = CNN(args.channels)
    opt = torch.optim.AdamW(model.parameters(), lr=args.lr)
    with run:
        mlflow.log_params({"channels": args.channels, "lr": args.lr})
        for epoch in range(args.epochs):
            for xb, yb in loader:
                opt.zero_grad()
                nn.functional.mse_loss(model(xb), yb).backward()
                opt.step()
        with torch.no_grad():
            guess = model(torch.tensor(utils.one_hot(vs))).numpy()
        mlflow.log_metric("val_r2", utils.r2(vy, guess))
        mlflow.pytorch.log_model(model, "model")


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--split", default="random")
    p.add_argument("--seed", type=int, default=0)
    p.add_argument("--channels", type=int, default=64)
    p.add_argument("--epochs", type=int, default=20)
    p.add_argument("--lr", type=float, default=5e-4)
    p.add_argument("--resume")
    train(p.parse_args())
