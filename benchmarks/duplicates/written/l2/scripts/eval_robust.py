"""Evaluation on blurred and noisy pictures. From eval_coco.py, changed by Jonas."""
import sys

import mlflow
import torch
from torchvision.transforms import GaussianBlur

from detlab.cfg import Cfg
from detlab.data import loader
from detlab.lit import load_net
from scripts.eval_coco import evaluate, md5


class Corrupt:
    def __init__(self, dl, kind):
        self.dl, self.kind = dl, kind
        self.blur = GaussianBlur(9, 3.0)

    def __len__(self):
        return len(self.dl)

    def __iter__(self):
        for imgs, ts in self.dl:
            if self.kind == "blur":
                yield [self.blur(i) for i in imgs], ts
            else:
                yield [(i + 0.1 * torch.randn_like(i)).clamp(0, 1) for i in imgs], ts


def get_run(cfg, path):
    df = mlflow.search_runs(experiment_names=[cfg.experiment], filter_string="tags.ckpt_md5 = '{}'".format(md5(path)))
    if df.empty:
        df = mlflow.search_runs(
            experiment_names=[cfg.experiment],
            filter_string="attributes.run_name = '{}'".format(cfg.name),
            order_by=["attributes.start_time DESC"],
        )
    return df.run_id[0] if not df.empty else None


def main(config, ckpt):
    cfg = Cfg.load(config)
    net = load_net(cfg, ckpt)
    parent = get_run(cfg, ckpt)
    mlflow.set_experiment(cfg.experiment)
    for kind in ("blur", "noise"):
        res = evaluate(net, Corrupt(loader(cfg, "val"), kind))
        tags = {"corruption": kind}
        if parent:
            tags["mlflow.parentRunId"] = parent
        with mlflow.start_run(run_name=f"robust-{kind}", tags=tags):
            mlflow.log_metrics({k.replace("test/", "robust/"): v for k, v in res.items()})


if __name__ == "__main__":
    main(*sys.argv[1:3])
