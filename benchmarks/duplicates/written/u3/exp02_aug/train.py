# copied from exp01, + augmentation, + common.mlf for some
import argparse
import os

import mlflow
import pytorch_lightning as pl
import torch
import torch.nn.functional as F
from pytorch_lightning.loggers import MLFlowLogger

from common import mlf
from common.dm import CellsDM
from common.nets import UNet, dice


def parse_args():
    p = argparse.ArgumentParser()
    p.add_argument("--data", default="/data/cells")
    p.add_argument("--fold", type=int, default=0)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--aug", choices=["none", "flip", "elastic"], default="flip")
    p.add_argument("--init", action="store_true", help="start from best baseline")
    return p.parse_args()


args = parse_args()
EXP = "exp02_aug"


class Lit(pl.LightningModule):
    def __init__(self, lr):
        super().__init__()
        self.save_hyperparameters()
        self.net = UNet()

    def training_step(self, b, i):
        x, y = b
        o = self.net(x)
        l = F.binary_cross_entropy_with_logits(o, y) + 1 - dice(o, y)
        self.log("loss", l)
        return l

    def validation_step(self, b, i):
        x, y = b
        self.log("val_dice", dice(self.net(x), y), prog_bar=True)

    def configure_optimizers(self):
        o = torch.optim.AdamW(self.parameters(), self.hparams.lr)
        return [o], [torch.optim.lr_scheduler.CosineAnnealingLR(o, 100)]


def baseline_ckpt():
    c = mlf.cli()
    eid = mlf.exp_id("exp01_baseline")
    rs = [r for r in c.search_runs([eid]) if r.data.tags.get("fold") == str(args.fold) and "val_dice" in r.data.metrics]
    if not rs:
        return None
    rs.sort(key=lambda r: r.data.metrics["val_dice"], reverse=True)
    return "/data/ckpt/%s/last.ckpt" % rs[0].info.run_id


def main():
    eid = mlf.exp_id(EXP)
    old = mlf.find_job(eid, os.getenv("SLURM_ARRAY_JOB_ID"), os.getenv("SLURM_ARRAY_TASK_ID"))
    if old is not None:
        rid = old.info.run_id
        ck, ep = mlf.last_ckpt(old)
        mlf.cli().set_tag(rid, "resumed_at", str(ep))
    else:
        t = mlf.env_tags()
        t.update({"fold": str(args.fold), "aug": args.aug, "mlflow.runName": "aug_%s_f%d" % (args.aug, args.fold)})
        rid = mlf.cli().create_run(eid, tags=t).info.run_id
        ck = None
    m = Lit(args.lr)
    if args.init and ck is None:
        b = baseline_ckpt()
        if b:
            m.load_state_dict(torch.load(b)["state_dict"])
    lg = MLFlowLogger(EXP, tracking_uri=mlf.URI, run_id=rid)
    cb = pl.callbacks.ModelCheckpoint("/data/ckpt/" + rid, monitor="val_dice", mode="max", save_last=True)
    tr = pl.Trainer(max_epochs=100, logger=lg, callbacks=[cb], accelerator="gpu", devices=1)
    tr.fit(m, CellsDM(args.data, args.fold, aug=args.aug != "none"), ckpt_path=ck)
    mlf.cli().set_tag(rid, "ckpt", cb.last_model_path + "|" + str(tr.current_epoch))


if __name__ == "__main__":
    main()
