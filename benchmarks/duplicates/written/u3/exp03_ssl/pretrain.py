"""masked autoencoding on unlabelled plates"""
import os
import sys
from argparse import ArgumentParser

import mlflow
import torch
from torch.utils.data import DataLoader

from common import mlf
from common.dm import Cells
from common.nets import UNet

P = ArgumentParser()
P.add_argument("plates", nargs="+")
P.add_argument("--steps", type=int, default=20000)
P.add_argument("--mask", type=float, default=.6)
P.add_argument("--bs", type=int, default=64)
A = P.parse_args()

NAME = "exp03_ssl"
mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI", "http://cellsrv:5000"))

EID = mlf.exp_id(NAME)


def resume():
    j, t = os.environ.get("SLURM_ARRAY_JOB_ID"), os.environ.get("SLURM_ARRAY_TASK_ID")
    df = mlflow.search_runs([EID], filter_string=f"tags.slurm_job='{j}' AND tags.slurm_task='{t}'", order_by=["attribute.start_time DESC"])
    if df.empty:
        return None, None, 0
    row = df.iloc[0]
    ck = row.get("tags.ckpt")
    if not isinstance(ck, str):
        return row.run_id, None, 0
    path, _, step = ck.rpartition("|")
    return row.run_id, path, int(step)


def mask(x, r):
    m = (torch.rand(x.shape[0], 1, 16, 16, device=x.device) > r).float()
    return torch.nn.functional.interpolate(m, x.shape[-2:])


def save(net, opt, step, rid):
    d = "/data/ckpt/" + rid
    os.makedirs(d, exist_ok=True)
    fn = os.path.join(d, "s%06d.pt" % step)
    torch.save({"net": net.state_dict(), "opt": opt.state_dict()}, fn)
    mlflow.set_tag("ckpt", f"{fn}|{step}")


def loop(net, opt, step, rid):
    dl = DataLoader(Cells(A.plates), A.bs, shuffle=True, num_workers=8)
    while step < A.steps:
        for x, _ in dl:
            x = x.cuda()
            m = mask(x, A.mask)
            l = (((net(x * m) - x) ** 2) * (1 - m)).mean()
            opt.zero_grad()
            l.backward()
            opt.step()
            step += 1
            if step % 100 == 0:
                mlflow.log_metric("recon", l.item(), step)
            if step % 1000 == 0:
                save(net, opt, step, rid)


if __name__ == "__main__":
    rid, ck, s = resume()
    net = UNet().cuda()
    opt = torch.optim.AdamW(net.parameters(), 3e-4)
    if ck:
        st = torch.load(ck)
        net.load_state_dict(st["net"])
        opt.load_state_dict(st["opt"])
    with mlflow.start_run(run_id=rid, experiment_id=EID) as r:
        if rid is None:
            mlflow.set_tag("slurm_job", os.environ.get("SLURM_ARRAY_JOB_ID", ""))
            mlflow.set_tag("slurm_task", os.environ.get("SLURM_ARRAY_TASK_ID", ""))
            mlflow.log_params(vars(A))
        loop(net, opt, s, r.info.run_id)
    sys.exit(0)
