"""one trial = one process"""
import argparse
import logging
import os
import random
import sys

import mlflow
import numpy as np

from segsweep import config, datasets, nets, resume, slurm

logger = logging.getLogger("segsweep")


def seed_all(seed):
    import torch

    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)


def dice(pred, mask):
    inter = np.logical_and(pred, mask).sum()
    total = pred.sum() + mask.sum()
    return 2.0 * inter / total if total else 1.0


def batches(volumes, size, n, rng):
    for _ in range(n):
        image, mask = rng.choice(volumes).read()
        yield datasets.crop(datasets.window(image), mask, size, rng)


def validate(net, volumes):
    import torch

    net.eval()
    scores = []
    with torch.no_grad():
        for vol in volumes:
            image, mask = vol.read()
            x = torch.from_numpy(datasets.window(image))[None, None].cuda()
            pred = net(x).argmax(1)[0].cpu().numpy()
            scores.append(dice(pred == 1, mask == 1))
    net.train()
    return float(np.mean(scores)), float(np.percentile(scores, 5))


def fit(cfg, run, guard):
    import torch

    seed_all(cfg["seed"])
    cohort = datasets.Cohort(cfg["cohort"])
    train, valid = cohort.split()
    net = nets.build(cfg["net"]).cuda()
    optim = torch.optim.AdamW(net.parameters(), lr=cfg["optim"]["lr"], weight_decay=cfg["optim"]["wd"])
    first = resume.restore(run.info.run_id, net, optim)
    rng = random.Random(cfg["seed"] + first)
    for epoch in range(first, cfg["optim"]["epochs"]):
        total = 0.0
        for image, mask in batches(train, (96, 96, 96), 100, rng):
            x = torch.from_numpy(image)[None, None].cuda()
            y = torch.from_numpy(mask.astype("int64"))[None].cuda()
            out = net(x)
            loss = cfg["loss"]["dice"] * nets.soft_dice(out, y)
            loss = loss + cfg["loss"]["ce"] * torch.nn.functional.cross_entropy(out, y)
            optim.zero_grad()
            loss.backward()
            optim.step()
            total += loss.item()
        mlflow.log_metric("train_loss", total / 100, step=epoch)
        if epoch % 10 == 9:
            mean, low = validate(net, valid)
            mlflow.log_metrics({"val_dice": mean, "val_dice_p5": low}, step=epoch)
        resume.save(run.info.run_id, epoch, net, optim)
        if guard.hit:
            return "preempted"
    mlflow.pytorch.log_model(net, "net")
    return "done"


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("config")
    ap.add_argument("--parent")
    ap.add_argument("overrides", nargs="*")
    args = ap.parse_args()
    logging.basicConfig(level=logging.INFO)
    cfg = config.load(args.config, args.overrides)
    experiment_id = config.open_experiment(cfg["cohort"])
    key = config.trial_key(cfg)
    with resume.trial_run(key, experiment_id, args.parent) as run, slurm.PreemptionGuard() as guard:
        n = run.data.tags.get("preemptions")
        if n is not None and n.isdigit() and int(n) > 20:
            logger.error("thrown out %s times, giving up", n)
            mlflow.set_tag("given_up", "1")
            return 2
        mlflow.log_params(config.flatten(cfg))
        if slurm.in_slurm():
            mlflow.set_tags(slurm.slurm_tags())
        how = fit(cfg, run, guard)
        mlflow.set_tag("ended", how)
    if how == "preempted":
        resume.note_preemption(run.info.run_id)
        os.system(f"scontrol requeue {os.environ['SLURM_JOB_ID']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
