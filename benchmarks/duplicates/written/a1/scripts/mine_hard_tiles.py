"""Score all tiles with a known run and write the worst ones."""

import argparse
import json

import mlflow
import torch
from mlflow import MlflowClient

from aerocv.data import TileDataset
from aerocv.data.tiles import fingerprint
from pathlib import Path


def run_for_data(root: Path, experiment_id: str):
    digest = fingerprint(root)
    cli = MlflowClient()
    found = cli.search_runs([experiment_id], order_by=["attributes.start_time DESC"])
    match = next((r for r in found if r.data.tags.get("cv.dataset_fingerprint") == digest), None)
    return match


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    parser.add_argument("experiment")
    parser.add_argument("--keep", type=int, default=200)
    args = parser.parse_args()
    experiment = mlflow.get_experiment_by_name(args.experiment)
    run = run_for_data(args.root, experiment.experiment_id)
    if run is None:
        raise SystemExit("no model for this data")
    model = mlflow.pytorch.load_model(f"runs:/{run.info.run_id}/model").eval()
    data = TileDataset(args.root, "train")
    scored = []
    with torch.no_grad():
        for i in range(len(data)):
            image, target = data[i]
            out = model([image])[0]
            confident = (out["scores"] > 0.5).sum().item()
            scored.append((abs(confident - len(target["labels"])), data.items[i]["file"]))
    scored.sort(reverse=True)
    Path("hard_tiles.json").write_text(json.dumps([name for _, name in scored[: args.keep]]))


if __name__ == "__main__":
    main()
