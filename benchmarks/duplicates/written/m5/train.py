"""Train one model: ``python train.py config.yaml``."""

import argparse
import getpass
import platform
import sys

import mlflow

import heronvision
from heronvision.callbacks import EarlyStop
from heronvision.config import TrainConfig
from heronvision.trainer import Trainer
from heronvision.utils import git


class LogEpoch:
    def on_epoch_end(self, trainer, metrics):
        mlflow.log_metrics(metrics, step=trainer.epoch)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("config")
    parser.add_argument("--fresh", action="store_true", help="do not resume")
    args = parser.parse_args()
    cfg = TrainConfig.read(args.config)

    mlflow.set_experiment(cfg.experiment)
    run_id = None
    if not args.fresh:
        same = mlflow.search_runs(filter_string="tags.config_hash = '" + cfg.hash + "'", order_by=["start_time DESC"])
        if not same.empty:
            run_id = same.iloc[0].run_id
            print("resume", run_id)

    trainer = Trainer(cfg, callbacks=[EarlyStop(), LogEpoch()])
    with mlflow.start_run(run_id=run_id, run_name=None if run_id else cfg.folder.name):
        if run_id is None:
            mlflow.set_tag("config_hash", cfg.hash)
            mlflow.set_tag("git_commit", git.commit())
            mlflow.set_tag("git_dirty", git.dirty())
            mlflow.set_tag("user", getpass.getuser())
            mlflow.set_tag("host", platform.node())
            mlflow.set_tag("heronvision", heronvision.__version__)
            mlflow.log_params(cfg.to_dict())
        metrics = trainer.fit()
        mlflow.log_artifact(trainer.save(), "checkpoints")
    print(metrics)
    return 0


if __name__ == "__main__":
    sys.exit(main())
