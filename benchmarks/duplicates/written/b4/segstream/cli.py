from __future__ import annotations

import signal
import sys

import lightning as L
import mlflow
from lightning.pytorch.cli import LightningCLI
from lightning.pytorch.loggers import MLFlowLogger

from segstream.callbacks import default_callbacks
from segstream.data import Scenes
from segstream.module import Segmenter


def on_terminate(signum, frame) -> None:
    if mlflow.active_run() is not None:
        mlflow.end_run("KILLED")
    sys.exit(128 + signum)


class Cli(LightningCLI):
    def add_arguments_to_parser(self, parser) -> None:
        parser.add_argument("--experiment", default="segstream")
        parser.link_arguments("data.classes", "model.classes")

    def instantiate_trainer(self, **kwargs):
        config = self.config[self.subcommand] if self.subcommand else self.config
        logger = MLFlowLogger(experiment_name=config.experiment, log_model=True)
        kwargs["logger"] = logger
        kwargs["callbacks"] = default_callbacks()
        return super().instantiate_trainer(**kwargs)


def main() -> None:
    signal.signal(signal.SIGTERM, on_terminate)
    L.seed_everything(11, workers=True)
    Cli(Segmenter, Scenes, save_config_callback=None)


if __name__ == "__main__":
    main()
