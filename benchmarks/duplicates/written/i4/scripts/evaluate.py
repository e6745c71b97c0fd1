"""Scores the run of this dataset version and commit on the test split."""

import argparse
from pathlib import Path

import mlflow
import torch
from mlflow.tracking import MlflowClient

from pavescan import vcs
from pavescan.data.module import CrackData
from pavescan.models.segmenter import Segmenter


def run_for(experiment: str, version: str, commit: str):
    query = " AND ".join(["tags.`git.commit` = '%s'" % commit, "tags.`dataset.version` = '%s'" % version])
    df = mlflow.search_runs(experiment_names=[experiment], filter_string=query, order_by=["start_time DESC"])
    if df.empty:
        return None
    return df.run_id[0]


def best_iou(experiment: str, version: str):
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.`dataset.version` = '{version}'",
        order_by=["metrics.val_iou DESC"],
        max_results=1,
    )
    return None if df.empty else df.run_id[0]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--experiment", default="pavescan")
    parser.add_argument("--version", required=True)
    parser.add_argument("--commit", default=None)
    parser.add_argument("--best", action="store_true")
    args = parser.parse_args()
    commit = args.commit or vcs.commit()
    run_id = best_iou(args.experiment, args.version) if args.best else run_for(args.experiment, args.version, commit)
    if run_id is None:
        raise SystemExit(f"nothing was trained on {args.version} at {commit[:7]}")
    folder = Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="checkpoints"))
    model = Segmenter.load_from_checkpoint(next(folder.glob("*.ckpt"))).eval()
    scores = []
    with torch.no_grad():
        for x, mask in CrackData(Path("data/roads"), args.version, 8).test_dataloader():
            scores.append(float(model.iou(model(x), mask)))
    client = MlflowClient()
    client.log_metric(run_id, "test_iou", sum(scores) / len(scores))
    client.set_tag(run_id, "test.commit", vcs.commit())
    client.set_tag(run_id, "test.version", args.version)
    client.set_tag(run_id, "test.images", str(len(scores)))


if __name__ == "__main__":
    main()
