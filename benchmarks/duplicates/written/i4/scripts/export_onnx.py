"""Exports the model of a checkpoint key."""

import sys
from pathlib import Path

import mlflow
import torch
from mlflow import MlflowClient

from pavescan.models.segmenter import Segmenter
from pavescan.tracking.context import experiment_id


def resolve(key):
    client = MlflowClient()
    exp = experiment_id("pavescan")
    for where in (f"tags.checkpoint = '{key}'", f"tags.`mlflow.runName` = '{key}'"):
        hits = client.search_runs([exp], filter_string=where, order_by=["start_time DESC"], max_results=1)
        if len(hits):
            return hits[0].info.run_id
    sys.exit(f"no run has the checkpoint {key}")


def main():
    run_id = resolve(sys.argv[1])
    folder = Path(mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path="checkpoints"))
    model = Segmenter.load_from_checkpoint(next(folder.glob("*.ckpt"))).eval()
    torch.onnx.export(model, torch.zeros(1, 3, 512, 512), "pavescan.onnx", opset_version=17)
    with mlflow.start_run(run_id=run_id):
        mlflow.log_artifact("pavescan.onnx", "export")


if __name__ == "__main__":
    main()
