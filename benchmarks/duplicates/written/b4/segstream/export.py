from __future__ import annotations

import argparse
from pathlib import Path

import mlflow
import torch

from segstream.module import Segmenter
from segstream.tags import source_tags
from segstream.tracking import experiment_id
from segstream.tracking.lookup import client, require


def to_onnx(checkpoint: Path, target: Path, size: int = 512) -> None:
    module = Segmenter.load_from_checkpoint(checkpoint, map_location="cpu").eval()
    torch.onnx.export(
        module,
        torch.zeros(1, 3, size, size),
        target,
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "n", 2: "h", 3: "w"}},
    )


def record(source_run: str, target: Path) -> str:
    tags = {"seg.exported_from": source_run, **source_tags()}
    run = client().create_run(experiment_id("segstream-export"), tags=tags, run_name=target.stem)
    client().log_artifact(run.info.run_id, str(target))
    client().set_terminated(run.info.run_id)
    return run.info.run_id


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("fingerprint")
    parser.add_argument("--out", type=Path, default=Path("model.onnx"))
    args = parser.parse_args()
    run = require(args.fingerprint)
    folder = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="model/checkpoints")
    checkpoint = next(Path(folder).rglob("*.ckpt"))
    to_onnx(checkpoint, args.out)
    print(record(run.info.run_id, args.out))


if __name__ == "__main__":
    main()
