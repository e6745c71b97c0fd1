import argparse
import os

import pytorch_lightning as pl
from mlflow import MlflowClient
from pytorch_lightning.callbacks import LearningRateMonitor, ModelCheckpoint
from pytorch_lightning.loggers import MLFlowLogger

from detlab.callbacks import EpochTag, TagEnvironment, WarnIfRepeated
from detlab.cfg import Cfg
from detlab.data import loader
from detlab.lit import LitDet


def make_logger(cfg, out):
    id_path = os.path.join(out, "mlflow_run_id")
    run_id = None
    if os.path.isfile(id_path):
        with open(id_path) as f:
            run_id = f.read().strip()
    lg = MLFlowLogger(experiment_name=cfg.experiment, run_name=cfg.name, run_id=run_id,
                      tags={"detlab.cfg_hash": cfg.hash()})
    if run_id is None:
        os.makedirs(out, exist_ok=True)
        with open(id_path, "w") as f:
            f.write(lg.run_id)
    return lg


def last_epoch(run_id):
    tags = MlflowClient().get_run(run_id).data.tags
    if "detlab.epoch" in tags:
        return int(tags["detlab.epoch"])
    return -1


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("config")
    ap.add_argument("--devices", type=int, default=1)
    a = ap.parse_args()
    cfg = Cfg.load(a.config)
    pl.seed_everything(cfg.seed)
    out = os.path.join(cfg.out, cfg.name)
    lg = make_logger(cfg, out)
    start = last_epoch(lg.run_id)
    ckpt = os.path.join(out, "last.ckpt")
    resume = ckpt if start >= 0 and os.path.exists(ckpt) else None
    trainer = pl.Trainer(
        max_epochs=cfg.epochs, devices=a.devices, logger=lg,
        precision="16-mixed" if cfg.amp else 32,
        callbacks=[TagEnvironment(), EpochTag(), WarnIfRepeated(), LearningRateMonitor(),
                   ModelCheckpoint(out, monitor="val/mAP", mode="max", save_last=True)],
    )
    trainer.fit(LitDet(cfg), loader(cfg, "train"), loader(cfg, "val"), ckpt_path=resume)


if __name__ == "__main__":
    main()
