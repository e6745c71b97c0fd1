#!/usr/bin/env python
"""Trains all folds of one study.

    python scripts/train_fold.py --study liver --task seg --root /data
"""

import argparse
import json

import mlflow
import torch
from monai.inferers import sliding_window_inference
from monai.metrics import DiceMetric

from monai_seg.acquisition import Acquisition
from monai_seg.data import load_cases, loaders, make_folds
from monai_seg.nets import build, count_parameters, loss_for


def parse():
    p = argparse.ArgumentParser()
    p.add_argument("--study", required=True)
    p.add_argument("--task", default="seg")
    p.add_argument("--root", default="/data")
    p.add_argument("--network", default="unet")
    p.add_argument("--epochs", type=int, default=200)
    p.add_argument("--roi", type=int, nargs=3, default=(96, 96, 96))
    p.add_argument("--resume", action="store_true")
    p.add_argument("--seed", type=int, default=17)
    return p.parse_args()


def resume_run_id(client, experiment_id, args, fold):
    query = " and ".join(
        [f"tags.study = '{args.study}'", f"tags.task = '{args.task}'", f"tags.fold = '{fold}'"]
    )
    hits = client.search_runs([experiment_id], query, order_by=["start_time DESC"], max_results=1)
    if len(hits) == 0:
        return None
    return hits[0].info.run_id


def run_epoch(net, loader, loss, opt, device):
    net.train()
    total = 0.0
    for batch in loader:
        opt.zero_grad()
        out = net(batch["image"].to(device))
        value = loss(out, batch["label"].to(device))
        value.backward()
        opt.step()
        total += value.item()
    return total / max(len(loader), 1)


@torch.no_grad()
def validate(net, loader, roi, device):
    net.eval()
    metric = DiceMetric(include_background=False)
    for batch in loader:
        out = sliding_window_inference(batch["image"].to(device), roi, 4, net)
        metric(out.argmax(1, keepdim=True), batch["label"].to(device))
    return metric.aggregate().item()


def main():
    args = parse()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    client = mlflow.tracking.MlflowClient()
    experiment = client.get_experiment_by_name(args.study)
    if experiment is None:
        experiment_id = client.create_experiment(args.study)
    else:
        experiment_id = experiment.experiment_id
    cases = load_cases(args.root, args.study)
    folds = make_folds(cases, seed=args.seed)
    scan = Acquisition("uk-essen", "Siemens Vida", 3.0, "abd-t1")

    with mlflow.start_run(experiment_id=experiment_id, run_name=f"{args.study}-{args.task}"):
        tags = {
            "site": scan.site,
            "scanner": scan.scanner,
            "field_strength": str(scan.field_strength),
            "protocol": scan.protocol,
            "anonymiser": scan.anonymiser,
        }
        mlflow.set_tags(tags)
        for i in range(len(folds)):
            done = resume_run_id(client, experiment_id, args, i) if args.resume else None
            if done:
                print("fold", i, "is in", done)
                continue
            net = build(args.network, 2).to(device)
            opt = torch.optim.AdamW(net.parameters(), 1e-3)
            train, val = loaders(cases, folds, i, args.roi)
            with mlflow.start_run(run_name=f"fold-{i}", nested=True):
                mlflow.set_tag("study", args.study)
                mlflow.set_tag("task", args.task)
                mlflow.set_tag("fold", i)
                mlflow.log_param("seed", args.seed + i)
                mlflow.set_tag("roi_size", json.dumps(list(args.roi)))
                mlflow.log_param("network", args.network)
                mlflow.log_param("parameters", count_parameters(net))
                for epoch in range(args.epochs):
                    mlflow.log_metric("loss", run_epoch(net, train, loss_for(2), opt, device), epoch)
                    if epoch % 10 == 9:
                        mlflow.log_metric("mean_dice", validate(net, val, args.roi, device), epoch)
                torch.save({"model": net.state_dict()}, f"/tmp/fold{i}.pt")
                mlflow.log_artifact(f"/tmp/fold{i}.pt", "checkpoints")


if __name__ == "__main__":
    main()
