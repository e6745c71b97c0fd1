import argparse, os

import mlflow
import torch
from mlflow import MlflowClient

from common import mlf
from common.dm import CellsDM
from common.nets import UNet, dice

pa = argparse.ArgumentParser()
pa.add_argument("--fold", type=int, default=0)
pa.add_argument("--frac", type=float, default=.1)
pa.add_argument("--lr", type=float, default=3e-4)
G = pa.parse_args()
c = mlf.cli()


def best_pre():
    """pretraining run with the lowest recon"""
    rs = c.search_runs([mlf.exp_id("exp03_ssl")], "metrics.recon < 1", order_by=["metrics.recon ASC"], max_results=1)
    return rs[0] if rs else None


def newest_pre():
    rs = c.search_runs([mlf.exp_id("exp03_ssl")], order_by=["start_time DESC"], max_results=1)
    return rs[0] if rs else None


def baseline(fold):
    """what to beat: best val_dice of the fold among the baselines"""
    rs = c.search_runs(
        [mlf.exp_id("exp01_baseline")],
        filter_string=" and ".join(["tags.fold = '{}'".format(fold)]),
        order_by=["metrics.val_dice DESC"],
        max_results=1,
    )
    for r in rs:
        return r.info.run_id, r.data.metrics["val_dice"]
    return None, 0.


def siblings(rid):
    r = c.get_run(rid)
    par = r.data.tags.get("pre_run")
    return [s for s in c.search_runs([r.info.experiment_id], f"tags.pre_run = '{par}'") if s.info.run_id != rid]


def fit(net, dm, ep=50):
    opt = torch.optim.AdamW(net.parameters(), G.lr)
    for e in range(ep):
        for x, y in dm.train_dataloader():
            l = 1 - dice(net(x.cuda()), y.cuda())
            opt.zero_grad(); l.backward(); opt.step()
        with torch.no_grad():
            v = [dice(net(x.cuda()), y.cuda()).item() for x, y in dm.val_dataloader()]
        mlflow.log_metric("val_dice", sum(v) / len(v), e)
    return sum(v) / len(v)


if __name__ == "__main__":
    pre = best_pre() or newest_pre()
    net = UNet().cuda()
    if pre is not None:
        p, s = mlf.last_ckpt(pre)
        if p:
            net.load_state_dict(torch.load(p)["net"])
    dm = CellsDM("/data/cells", G.fold)
    dm.setup()
    dm.tr = dm.tr[: int(len(dm.tr) * G.frac)]
    with mlflow.start_run(experiment_id=mlf.exp_id("exp03_ft"), run_name="ft_%g_f%d" % (G.frac, G.fold)) as r:
        mlflow.set_tags({"fold": G.fold, "frac": G.frac, "pre_run": pre.info.run_id if pre else ""})
        d = fit(net, dm)
        b = baseline(G.fold)[1]
        mlflow.set_tag("beats_base", str(d > b))
        print(len(siblings(r.info.run_id)), "others with the same pretraining")
