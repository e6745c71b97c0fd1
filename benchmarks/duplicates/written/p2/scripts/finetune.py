#!/usr/bin/env python
"""Fine-tune the best model of a study on a project series (one chemist's assay).

Anna, 2022. Works from the login node.
"""
import argparse
import os

import mlflow
import pandas as pd
import torch
from mlflow.tracking import MlflowClient

from molprop.config import TrainConfig
from molprop.data import table_sha
from molprop.model import PropertyNet, masked_mse

client = MlflowClient()


def get_experiment(name):
    root = os.environ.get("ARTIFACT_ROOT")
    for e in client.search_experiments():
        if e.name == name:
            return e.experiment_id
    if root:
        return client.create_experiment(name, artifact_location=root + "/" + name)
    return client.create_experiment(name)


def best_of_study(parent_id):
    parent = client.get_run(parent_id)
    df = mlflow.search_runs([parent.info.experiment_id])
    df = df[df["tags.mlflow.parentRunId"] == parent_id]
    df = df[df["status"] == "FINISHED"]
    df = df[df["metrics.val_rmse"].notna()]
    if len(df) == 0:
        return None
    idx = df["metrics.val_rmse"].idxmin()
    return client.get_run(df.loc[idx, "run_id"])


def interrupted(exp_id, cfg):
    """did slurm kill us? then go on with that run"""
    query = ["tags.config_hash = '%s'" % cfg.digest()]
    query.append("attributes.status != 'FINISHED'")
    df = mlflow.search_runs([exp_id], filter_string=" and ".join(query), order_by=["start_time DESC"])
    if len(df) > 0:
        return df["run_id"][0]
    return None


def load_net(run, cfg, n_out):
    path = client.download_artifacts(run.info.run_id, "ckpt/last.pt")
    net = PropertyNet(cfg.model, 133, n_out)
    state = torch.load(path, map_location="cpu")["net"]
    # the head is new
    state = {k: v for k, v in state.items() if not k.startswith("head.2")}
    net.load_state_dict(state, strict=False)
    return net


def main():
    p = argparse.ArgumentParser()
    p.add_argument("config")
    p.add_argument("--study-run", required=True)
    p.add_argument("--table", required=True)
    p.add_argument("--epochs", type=int, default=30)
    args = p.parse_args()

    cfg = TrainConfig.from_yaml(args.config)
    exp_id = get_experiment(cfg.experiment + "/finetune")
    base = best_of_study(args.study_run)
    if base is None:
        raise SystemExit("study has no finished trial")
    table = pd.read_csv(args.table)

    names = base.data.tags.get("targets")
    base_targets = [n.strip() for n in names.split(",") if n.strip()] if names else []
    new = [t for t in cfg.data.targets if t not in base_targets]
    if new:
        print("targets not seen in pre-training:", new)

    run_id = interrupted(exp_id, cfg)
    if run_id:
        run = mlflow.start_run(run_id=run_id)
    else:
        run = mlflow.start_run(experiment_id=exp_id, run_name="ft-" + cfg.data.assay)
        tags = {}
        tags["assay"] = cfg.data.assay
        tags["split"] = cfg.data.split
        tags["n_mols"] = len(table)
        tags["data_sha"] = table_sha(table)
        tags["targets"] = ", ".join(cfg.data.targets)
        mlflow.set_tags(tags)
        mlflow.set_tag("config_hash", cfg.digest())
        mlflow.set_tag("base_run", base.info.run_id)

    net = load_net(base, cfg, len(cfg.data.targets))
    opt = torch.optim.Adam([q for n, q in net.named_parameters() if n.startswith("head")], lr=cfg.lr)
    from scripts._batches import batches
    for epoch in range(args.epochs):
        total = 0.0
        for graph, y in batches(table, cfg):
            opt.zero_grad()
            loss = masked_mse(net(*graph), y)
            loss.backward()
            opt.step()
            total += loss.item()
        mlflow.log_metric("ft_loss", total, step=epoch)
    mlflow.pytorch.log_model(net, "model")
    mlflow.end_run()
    print("done", run.info.run_id)


if __name__ == "__main__":
    main()
