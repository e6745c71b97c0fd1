"""Trains the grasp-quality network on a dataset version."""
import argparse
import os
import platform

import mlflow
import torch
import yaml

import tracking
from datasets import load_version


def warm_start(exp_id, dataset):
    """Weights of the best run on the previous dataset version."""
    number = int(dataset.lstrip("v")) - 1
    best = tracking.best_grasp(exp_id, f"v{number}")
    if best is None:
        return None
    return mlflow.pytorch.load_model(f"runs:/{best.info.run_id}/model")


def newest_on(exp_id, dataset):
    runs = mlflow.search_runs(
        [exp_id], f"tags.dataset_version = '{dataset}'", order_by=["start_time DESC"], max_results=1
    )
    return None if runs.empty else runs.iloc[0]["run_id"]


def describe_machine(robot):
    machine = dict()
    machine["robot"] = robot
    machine["gripper"] = os.getenv("GRIPPER") or "parallel-2f"
    machine["host"] = platform.node()
    machine["sim_build"] = os.getenv("SIM_BUILD") or "unknown"
    return machine


def describe_gpu():
    return {
        "gpu": torch.cuda.get_device_name(0) if torch.cuda.is_available() else "none",
        "cuda": str(torch.version.cuda),
        "torch": torch.__version__,
    }


def train_one(net, loader, opt):
    total = n = 0
    for depth, grasp, ok in loader:
        opt.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net(depth, grasp), ok)
        loss.backward()
        opt.step()
        total += float(loss) * len(ok)
        n += len(ok)
    return total / n


def evaluate(net, loader):
    net.eval()
    hits = n = 0
    with torch.no_grad():
        for depth, grasp, ok in loader:
            hits += int(((net(depth, grasp) > 0) == (ok > 0.5)).sum())
            n += len(ok)
    return hits / n


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("conf")
    ap.add_argument("--robot", default="ur10")
    ap.add_argument("--dataset", required=True)
    ap.add_argument("--again", action="store_true")
    a = ap.parse_args()
    with open(a.conf) as f:
        conf = yaml.safe_load(f)

    mlflow.set_experiment("grasp/train")
    exp_id = mlflow.get_experiment_by_name("grasp/train").experiment_id
    seen = newest_on(exp_id, a.dataset)
    if seen and not a.again:
        raise SystemExit(f"{a.dataset} was trained in {seen}")

    from nets import GraspNet
    net = warm_start(exp_id, a.dataset) or GraspNet(**conf["net"])
    train, val = load_version(a.dataset, conf["batch"])
    with mlflow.start_run(run_name=f"{a.robot}-{a.dataset}"):
        mlflow.set_tags(describe_machine(a.robot))
        mlflow.set_tags(describe_gpu())
        mlflow.set_tag(tracking.DATASET, a.dataset)
        opt = torch.optim.AdamW(net.parameters(), lr=conf["lr"])
        for epoch in range(conf["epochs"]):
            mlflow.log_metric("loss", train_one(net, train, opt), step=epoch)
            mlflow.log_metric("success_rate", evaluate(net, val), step=epoch)
        mlflow.pytorch.log_model(net, "model")


if __name__ == "__main__":
    main()
