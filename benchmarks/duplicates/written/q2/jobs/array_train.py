#!/usr/bin/env python
"""Entry of the SLURM array job. One grid point per array task; survives requeue."""
import logging
import os
import sys
from pathlib import Path

import mlflow
from mlflow import MlflowClient

from tunekit import load_config
from tunekit.slurm import PreemptionFlag

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
log = logging.getLogger("array")


def pick_point(cfg, index):
    points = list(cfg.points())
    if index >= len(points):
        log.info("no work for task %d", index)
        sys.exit(0)
    return points[index]


def unfinished(eid, fp):
    # newest run of the same fingerprint that did not finish
    runs = MlflowClient().search_runs([eid], max_results=1000, order_by=["start_time DESC"])
    for r in runs:
        if r.data.tags.get("tunekit.fingerprint") == fp and r.info.status != "FINISHED":
            return r
    return None


def open_run(eid, point):
    fp = point.fingerprint()
    r = unfinished(eid, fp)
    if r:
        active = mlflow.start_run(run_id=r.info.run_id)
    else:
        active = mlflow.start_run(experiment_id=eid, run_name="lora-r%d-lr%g" % (point.lora.r, point.lr))
        mlflow.set_tag("tunekit.fingerprint", fp)
        mlflow.set_tag("tunekit.base_model", point.base_model)
        mlflow.set_tag("tunekit.dataset", point.dataset)
    env = os.environ
    mlflow.set_tags({
        "slurm.job_id": env.get("SLURM_JOB_ID", "local"),
        "slurm.node": env.get("SLURMD_NODENAME", "localhost"),
        "slurm.partition": env.get("SLURM_JOB_PARTITION", "none"),
        "slurm.restarts": env.get("SLURM_RESTART_COUNT", "0"),
    })
    if "SLURM_ARRAY_TASK_ID" in env:
        mlflow.set_tag("slurm.array_task", env["SLURM_ARRAY_TASK_ID"])
    return active


def last_step(run):
    tag = run.data.tags.get("tunekit.last_checkpoint", "")
    if "@" not in tag:
        return None, 0
    path, step = tag.rsplit("@", 1)
    if not Path(path).exists():
        log.warning("checkpoint %s is gone", path)
        return None, 0
    return path, int(step)


def main():
    cfg = load_config(sys.argv[1])
    point = pick_point(cfg, int(os.environ.get("SLURM_ARRAY_TASK_ID", 0)))
    exp = mlflow.set_experiment(f"sweeps/{cfg.name}")
    flag = PreemptionFlag()
    run = open_run(exp.experiment_id, point)
    path, step = last_step(run)
    log.info("run %s from step %d", run.info.run_id, step)
    os.environ["TUNEKIT_RESUME_FROM"] = path or ""
    rc = os.system(f"torchrun --nproc-per-node=8 -m tunekit.train {sys.argv[1]}")
    if flag or rc != 0:
        mlflow.end_run("KILLED" if flag else "FAILED")
        sys.exit(75 if flag else 1)
    mlflow.end_run()


if __name__ == "__main__":
    main()
