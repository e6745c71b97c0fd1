"""The old loop. Kept because the ECCV numbers came from it."""
import os
import sys
import time

import mlflow
import torch

from detlab.cfg import Cfg
from detlab.data import loader
from detlab.mlf import EPOCH_TAG, HASH_TAG, env_tags
from detlab.nets import build, optim

dev = "cuda" if torch.cuda.is_available() else "cpu"


def train_one(net, opt, dl, scaler):
    net.train()
    seen = 0.0
    for imgs, ts in dl:
        imgs = [i.to(dev) for i in imgs]
        ts = [{k: v.to(dev) for k, v in t.items()} for t in ts]
        with torch.autocast(dev, enabled=scaler.is_enabled()):
            loss = sum(net(imgs, ts).values())
        opt.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()
        seen += loss.item()
    return seen / max(len(dl), 1)


def run(cfg):
    mlflow.set_experiment(cfg.experiment)
    work = os.path.join(cfg.out, cfg.name + "_loop")
    os.makedirs(work, exist_ok=True)
    net = build(cfg).to(dev)
    opt, sched = optim(cfg, net)
    scaler = torch.cuda.amp.GradScaler(enabled=cfg.amp)
    f = os.path.join(work, "mlflow_run_id")
    try:
        rid = open(f).read().strip()
        print("resuming", rid)
        r = mlflow.start_run(run_id=rid)
    except FileNotFoundError:
        r = mlflow.start_run(run_name=cfg.name + "_loop", tags={HASH_TAG: cfg.hash()})
        with open(f, "w") as fh:
            fh.write(r.info.run_id)
    mlflow.set_tags(env_tags())
    e0 = int(r.data.tags.get(EPOCH_TAG, -1))
    if e0 >= 0:
        st = torch.load(os.path.join(work, "last.pt"), map_location=dev)
        net.load_state_dict(st["net"])
        opt.load_state_dict(st["opt"])
    for e in range(e0 + 1, cfg.epochs):
        t = time.time()
        loss = train_one(net, opt, loader(cfg, "train"), scaler)
        sched.step()
        mlflow.log_metrics({"train/loss": loss, "sec": time.time() - t}, step=e)
        torch.save({"net": net.state_dict(), "opt": opt.state_dict()}, os.path.join(work, "last.pt"))
        mlflow.set_tag(EPOCH_TAG, e)
    mlflow.end_run()


if __name__ == "__main__":
    run(Cfg.load(sys.argv[1]))
