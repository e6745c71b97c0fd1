import argparse
import hashlib
import json

import mlflow
import torch
from mlflow.tracking import MlflowClient
from torchmetrics.detection.mean_ap import MeanAveragePrecision

from detlab.cfg import Cfg
from detlab.data import loader
from detlab.lit import load_net


def md5(path):
    h = hashlib.md5()
    with open(path, "rb") as f:
        for b in iter(lambda: f.read(1 << 20), b""):
            h.update(b)
    return h.hexdigest()


def training_run(cfg, ckpt):
    c = MlflowClient()
    exp = c.get_experiment_by_name(cfg.experiment)
    runs = c.search_runs([exp.experiment_id], f"tags.ckpt_md5 = '{md5(ckpt)}'", max_results=1)
    if not runs:
        # older checkpoints were not tagged
        runs = c.search_runs(
            [exp.experiment_id],
            f"tags.mlflow.runName = '{cfg.name}'",
            order_by=["start_time DESC"],
            max_results=1,
        )
    if not runs:
        return None
    return runs[0].info.run_id


@torch.no_grad()
def evaluate(net, dl):
    m = MeanAveragePrecision()
    for imgs, ts in dl:
        m.update(net.net(list(imgs)), list(ts))
    r = m.compute()
    return {"test/mAP": float(r["map"]), "test/mAP50": float(r["map_50"])}


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("config")
    ap.add_argument("ckpt")
    a = ap.parse_args()
    cfg = Cfg.load(a.config)
    res = evaluate(load_net(cfg, a.ckpt), loader(cfg, "val"))
    print(json.dumps(res, indent=2))
    rid = training_run(cfg, a.ckpt)
    if rid:
        with mlflow.start_run(run_id=rid):
            mlflow.log_metrics(res)
