"""Test score of the MLP, of the best seed."""
import argparse

import mlflow
import mlflow.pytorch
import torch

from utils import composition, load_split, r2


def best_seed(split, model="mlp"):
    runs = mlflow.search_runs(
        experiment_names=["solubility"],
        filter_string=f"tags.model = '{model}' and tags.split = '{split}'",
        order_by=["metrics.val_r2 DESC"],
        max_results=1,
        output_format="list",
    )
    if not runs:
        raise SystemExit(f"no run of {model} on {split}")
    return runs[0]


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--split", default="random")
    a = ap.parse_args()
    run = best_seed(a.split)
    print("seed", run.data.tags.get("seed"))
    model = mlflow.pytorch.load_model(f"runs:/{run.info.run_id}/model").eval()
    xs, y = load_split(a.split, "test")
    with torch.no_grad():
        print(r2(y, model(torch.tensor(composition(xs))).squeeze(1).numpy()))


if __name__ == "__main__":
    main()
