"""What job.sh calls. Written at 2 am before the MICCAI deadline, works since."""
import os
import sys

import mlflow
import torch

from train.data import load, split
from train.resume import Preempted, install_handler, save

STUDY, SITE = os.environ["STUDY"], os.environ["SITE"]
FOLD, SEED = int(os.environ["FOLD"]), int(os.environ["SLURM_ARRAY_TASK_ID"])
EXP = "visio/cv"
CKPT = "/mnt/ceph/ckpt"

mlflow.set_tracking_uri(os.environ["VISIO_TRACKING"])
C = mlflow.MlflowClient()


def dice(p, t, eps=1e-6):
    inter = (p * t).sum()
    return float((2 * inter + eps) / (p.sum() + t.sum() + eps))


def net():
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 16, 3, padding=1), torch.nn.ReLU(), torch.nn.Conv2d(16, 2, 3, padding=1)
    )


def get_exp():
    e = C.get_experiment_by_name(EXP)
    if e:
        if e.lifecycle_stage == "deleted":
            C.restore_experiment(e.experiment_id)
        return e.experiment_id
    loc = os.environ.get("VISIO_ARTIFACTS", "/mnt/ceph/mlruns") + "/" + EXP
    return C.create_experiment(EXP, loc)


def main():
    install_handler()
    torch.manual_seed(SEED)
    exp_id = get_exp()
    q = f"tags.study='{STUDY}' and tags.site='{SITE}' and tags.fold='{FOLD}' and tags.seed='{SEED}'"
    prev = mlflow.search_runs([exp_id], q, order_by=["start_time DESC"], output_format="list")
    start, rid = 0, None
    model = net()
    opt = torch.optim.Adam(model.parameters(), 1e-3)
    if len(prev) > 0:
        rid = prev[0].info.run_id
        tag = prev[0].data.tags.get("ckpt")
        if tag and ":" in tag:
            ep, p = tag.split(":", 1)
            if os.path.isfile(p):
                st = torch.load(p, map_location="cpu")
                model.load_state_dict(st["model"])
                opt.load_state_dict(st["optim"])
                start = int(ep) + 1
    with mlflow.start_run(run_id=rid, experiment_id=exp_id, run_name=f"{SITE}/f{FOLD}/s{SEED}") as run:
        if rid is None:
            mlflow.set_tags({"study": STUDY, "site": SITE, "fold": FOLD, "seed": SEED, "level": "seed"})
            mlflow.set_tag("mlflow.parentRunId", os.environ["FOLD_RUN"])
        for tag_name, var, default in (
            ("slurm.job", "SLURM_JOB_ID", "none"),
            ("slurm.node", "SLURMD_NODENAME", "none"),
            ("slurm.partition", "SLURM_JOB_PARTITION", "none"),
            ("slurm.restarts", "SLURM_RESTART_COUNT", "0"),
        ):
            mlflow.set_tag(tag_name, os.getenv(var, default))
        tr, va = split("/mnt/ceph/npz", SITE, FOLD)
        ep = start
        try:
            for ep in range(start, 200):
                for f in tr:
                    x, y = map(torch.as_tensor, load(f))
                    loss = torch.nn.functional.cross_entropy(model(x[None, None]), y[None])
                    opt.zero_grad()
                    loss.backward()
                    opt.step()
                with torch.no_grad():
                    d = [dice(model(torch.as_tensor(load(f)[0])[None, None]).argmax(1), load(f)[1]) for f in va]
                mlflow.log_metric("val_dice", sum(d) / max(len(d), 1), step=ep)
                save(C, run.info.run_id, model, opt, ep, CKPT)
        except Preempted:
            save(C, run.info.run_id, model, opt, ep, CKPT)
            sys.exit(75)


if __name__ == "__main__":
    main()
