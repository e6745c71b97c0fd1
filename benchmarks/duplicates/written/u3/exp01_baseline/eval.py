import argparse
import sys

import mlflow
import numpy as np
import torch

from common.dm import CellsDM
from common.nets import UNet, count, dice

ap = argparse.ArgumentParser()
ap.add_argument("--fold", type=int, required=True)
ap.add_argument("--exp", default="exp01_baseline")
ap.add_argument("--data", default="/data/cells")
a = ap.parse_args()
mlflow.set_tracking_uri("http://cellsrv:5000")

e = mlflow.get_experiment_by_name(a.exp)
if e is None:
    sys.exit("no such experiment")


def best():
    """best val_dice of the fold"""
    d = mlflow.search_runs([e.experiment_id], "tags.fold = '%d'" % a.fold, order_by=["metrics.val_dice DESC"], max_results=1)
    if len(d) == 0:
        return None
    return d.run_id[0]


def load(rid):
    sd = torch.load("/data/ckpt/%s/last.ckpt" % rid, map_location="cpu")["state_dict"]
    n = UNet()
    n.load_state_dict({k[4:]: v for k, v in sd.items() if k.startswith("net.")})
    return n.eval()


def run(net):
    dm = CellsDM(a.data, a.fold)
    dm.setup()
    ds, er = [], []
    with torch.no_grad():
        for x, y in dm.val_dataloader():
            o = net(x)
            ds.append(dice(o, y).item())
            for m, t in zip(o.sigmoid().numpy(), y.numpy()):
                er.append(abs(count(m[0]) - count(t[0])))
    return float(np.mean(ds)), float(np.mean(er))


if __name__ == "__main__":
    rid = best()
    if rid is None:
        sys.exit("train first")
    d, ce = run(load(rid))
    with mlflow.start_run(run_id=rid):
        mlflow.log_metrics({"test_dice": d, "count_err": ce})
    print(rid, d, ce)
