# Master thesis M. Keller: direct count regression (no masks)
# based on exp01_baseline/train.py
import argparse
import getpass
import os
import platform
from subprocess import PIPE, Popen

import mlflow
import torch
import torch.nn as nn
from mlflow.tracking import MlflowClient

from common.dm import CellsDM
from common.nets import count

parser = argparse.ArgumentParser()
parser.add_argument("--fold", type=int, default=0)
parser.add_argument("--epochs", type=int, default=40)
parser.add_argument("--exp", default="mk_count")
opt = parser.parse_args()

mlflow.set_tracking_uri("http://cellsrv:5000")
c = MlflowClient()


def get_exp():
    # makes it when it is not there yet
    try:
        return c.create_experiment(opt.exp, artifact_location="file:///data/mlruns/%s" % opt.exp)
    except Exception:
        return c.get_experiment_by_name(opt.exp).experiment_id


def collect_tags():
    commit = Popen(["git", "rev-parse", "HEAD"], stdout=PIPE).communicate()[0].decode().strip()
    tags = dict(host=platform.node(), git=commit, user=getpass.getuser())
    for k, v in (("slurm_job", "SLURM_ARRAY_JOB_ID"), ("slurm_task", "SLURM_ARRAY_TASK_ID")):
        tags[k] = os.environ.get(v, "")
    return tags


class Reg(nn.Module):
    def __init__(self):
        super().__init__()
        self.f = nn.Sequential(
            nn.Conv2d(1, 16, 5, 2), nn.ReLU(), nn.Conv2d(16, 32, 5, 2), nn.ReLU(),
            nn.Conv2d(32, 64, 5, 2), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 1),
        )

    def forward(self, x):
        return self.f(x).squeeze(1)


def best_counting_baseline():
    """Baseline of my fold which counts best, for the table in chapter 5"""
    exp = c.get_experiment_by_name("exp01_baseline")
    best = None
    for r in c.search_runs([exp.experiment_id], "tags.fold = '{}'".format(opt.fold)):
        d = r.data.metrics.get("count_err")
        if d is None:
            continue
        if best is None or d < best.data.metrics["count_err"]:
            best = r
    return best


def best_count():
    exp = c.get_experiment_by_name(opt.exp)
    rs = c.search_runs([exp.experiment_id], "tags.fold = '{}'".format(opt.fold), order_by=["metrics.val_mae ASC"], max_results=1)
    return rs[0] if rs else None


def n_cells(y):
    return torch.tensor([float(count(m[0].numpy())) for m in y])


def main():
    dm = CellsDM("/data/cells", opt.fold)
    dm.setup()
    net = Reg()
    o = torch.optim.Adam(net.parameters(), 1e-3)
    with mlflow.start_run(experiment_id=get_exp(), run_name="count_f%d" % opt.fold):
        mlflow.set_tags(collect_tags())
        mlflow.set_tag("fold", opt.fold)
        for e in range(opt.epochs):
            for x, y in dm.train_dataloader():
                l = (net(x) - n_cells(y)).abs().mean()
                o.zero_grad()
                l.backward()
                o.step()
            with torch.no_grad():
                v = [(net(x) - n_cells(y)).abs().mean().item() for x, y in dm.val_dataloader()]
            mlflow.log_metric("val_mae", sum(v) / len(v), step=e)
    b, m = best_counting_baseline(), best_count()
    if b is not None and m is not None:
        print("baseline", b.info.run_id, b.data.metrics.get("count_err"), "mine", m.data.metrics["val_mae"])


if __name__ == "__main__":
    main()
