from __future__ import annotations

import argparse
from pathlib import Path

import mlflow
import torch
from mlflow import MlflowClient
from torch.utils.data import DataLoader

from aerocv.data import TileDataset, collate
from aerocv.metrics import mean_ap


def newest_checkpoint_run(experiment_name: str) -> str:
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment_name)
    if not exp:
        raise SystemExit(f"no experiment {experiment_name}")
    candidates = client.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string="status = 'FINISHED'",
        order_by=["start_time DESC"],
    )
    if len(candidates) == 0:
        raise SystemExit("nothing has been trained yet")
    newest = candidates[0]
    return newest.info.run_id


def evaluation_tags(source_run: str, split: str) -> dict:
    return {"eval.source_run": source_run, "eval.split": split, "eval.threshold": "0.5"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--experiment", default="aerocv/detection")
    parser.add_argument("--run-id")
    parser.add_argument("--split", default="test")
    args = parser.parse_args()
    run_id = args.run_id or newest_checkpoint_run(args.experiment)
    run = mlflow.get_run(run_id)
    backbone = run.data.tags["cv.backbone"] if "cv.backbone" in run.data.tags else "resnet50"
    model = mlflow.pytorch.load_model(f"runs:/{run_id}/model")
    device = torch.device("cpu")
    data = TileDataset(args.data, args.split)
    score = mean_ap(model, DataLoader(data, 4, collate_fn=collate), device)
    with mlflow.start_run(run_name=f"eval-{backbone}", tags=evaluation_tags(run_id, args.split)):
        mlflow.log_metric("map", score)
    print(f"{backbone} {args.split} mAP@.5 = {score:.3f}")


if __name__ == "__main__":
    main()
