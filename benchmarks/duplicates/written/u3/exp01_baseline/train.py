import argparse
import os
import socket
import subprocess

import mlflow
import pytorch_lightning as pl
import torch
import torch.nn.functional as F
from mlflow.tracking import MlflowClient
from pytorch_lightning.loggers import MLFlowLogger

from common.dm import CellsDM
from common.nets import UNet, dice

p = argparse.ArgumentParser()
p.add_argument("--data", default="/data/cells")
p.add_argument("--fold", type=int, default=0)
p.add_argument("--lr", type=float, default=1e-3)
p.add_argument("--w", type=int, default=32)
p.add_argument("--ep", type=int, default=100)
p.add_argument("--exp", default="exp01_baseline")
args = p.parse_args()

mlflow.set_tracking_uri("http://cellsrv:5000")
c = MlflowClient()


class Lit(pl.LightningModule):
    def __init__(self, lr, w):
        super().__init__()
        self.save_hyperparameters()
        self.net = UNet(w=w)

    def training_step(self, b, i):
        x, y = b
        l = F.binary_cross_entropy_with_logits(self.net(x), y)
        self.log("loss", l)
        return l

    def validation_step(self, b, i):
        x, y = b
        self.log("val_dice", dice(self.net(x), y), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters(), self.hparams.lr)


def get_exp():
    # makes it when it is not there yet
    try:
        return c.create_experiment(args.exp, artifact_location="file:///data/mlruns/%s" % args.exp)
    except Exception:
        return c.get_experiment_by_name(args.exp).experiment_id


def resume_id(eid):
    job, task = os.environ.get("SLURM_ARRAY_JOB_ID"), os.environ.get("SLURM_ARRAY_TASK_ID")
    for r in c.search_runs([eid], order_by=["start_time DESC"]):
        if r.data.tags.get("slurm_job") == job and r.data.tags.get("slurm_task") == task:
            return r.info.run_id
    return None


def main():
    pl.seed_everything(args.fold)
    eid = get_exp()
    rid = resume_id(eid)
    ck = None
    if rid is None:
        r = c.create_run(eid, tags={"mlflow.runName": "base_f%d" % args.fold, "fold": str(args.fold)})
        rid = r.info.run_id
        c.set_tag(rid, "host", socket.gethostname())
        c.set_tag(rid, "git", subprocess.check_output(["git", "rev-parse", "HEAD"]).decode().strip())
        c.set_tag(rid, "user", os.environ["USER"])
        c.set_tag(rid, "slurm_job", os.environ.get("SLURM_ARRAY_JOB_ID", ""))
        c.set_tag(rid, "slurm_task", os.environ.get("SLURM_ARRAY_TASK_ID", ""))
    else:
        t = c.get_run(rid).data.tags
        if "ckpt" in t:
            ck, ep = t["ckpt"].split("|")
            print("resume at", int(ep))
    lg = MLFlowLogger(args.exp, tracking_uri="http://cellsrv:5000", run_id=rid)
    cb = pl.callbacks.ModelCheckpoint(dirpath="/data/ckpt/" + rid, monitor="val_dice", mode="max", save_last=True)
    tr = pl.Trainer(max_epochs=args.ep, logger=lg, callbacks=[cb], accelerator="gpu", devices=1)
    tr.fit(Lit(args.lr, args.w), CellsDM(args.data, args.fold), ckpt_path=ck)
    c.set_tag(rid, "ckpt", "%s|%d" % (cb.last_model_path, tr.current_epoch))


if __name__ == "__main__":
    main()
