"""Trains one model."""

import argparse
import logging
from pathlib import Path
from typing import Optional

import pytorch_lightning as pl
import torch
from mlflow import MlflowClient

from pavescan.callbacks.mlflow_callback import MlflowCallback
from pavescan.callbacks.pictures import PictureCallback
from pavescan.config import TrainConfig, read_config
from pavescan.data.module import CrackData
from pavescan.models.segmenter import Segmenter

logger = logging.getLogger(__name__)


def run_of_checkpoint(path: Path) -> Optional[str]:
    """The run id that the callback wrote into a checkpoint file."""
    run_id = torch.load(path, map_location="cpu").get("mlflow_run_id")
    if run_id is None:
        return None
    run = MlflowClient().get_run(run_id)
    return run_id if run.info.lifecycle_stage == "active" else None


def train(config: TrainConfig, root: Path, checkpoint: Optional[Path]) -> None:
    pl.seed_everything(1)
    run_id = run_of_checkpoint(checkpoint) if checkpoint else None
    trainer = pl.Trainer(
        max_epochs=config.epochs,
        devices=config.devices,
        callbacks=[MlflowCallback(config, run_id), PictureCallback()],
        logger=False,
    )
    data = CrackData(root / config.dataset, config.dataset_version, config.batch_size)
    trainer.fit(Segmenter(lr=config.lr), datamodule=data, ckpt_path=str(checkpoint) if checkpoint else None)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("config", type=Path)
    parser.add_argument("--root", type=Path, default=Path("data"))
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--dataset-version")
    parser.add_argument("--devices", type=int)
    args = parser.parse_args()
    config = read_config(args.config, dataset_version=args.dataset_version, devices=args.devices)
    train(config, args.root, args.checkpoint)


if __name__ == "__main__":
    main()
