"""Writes and submits the jobs of a sweep."""
import argparse
import itertools
import os
import socket
import subprocess
import sys

import mlflow
from mlflow.entities import RunStatus
from omegaconf import OmegaConf

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from graphmix.runlib import config_hash, git_sha  # noqa: E402

SWEEPS = {
    "main": {"method": ["sgc", "mix"], "dataset": ["cora", "citeseer", "pubmed"], "seed": range(5)},
    "lr": {"method": ["mix"], "dataset": ["cora"], "lr": [0.003, 0.01, 0.03], "seed": range(3)},
}
TEMPLATE = "#!/bin/bash\n#SBATCH --job-name={name}\n#SBATCH --time=02:00:00\nsrun python -m graphmix.train {args}\n"


def already_done(client, exp_id, h):
    try:
        return client.search_runs([exp_id], "tags.`cfg.hash` = '{}' AND attributes.status = 'FINISHED'".format(h))[0].info.run_id
    except IndexError:
        return None


def ensure_parent(client, exp_id, sweep):
    for r in client.search_runs([exp_id]):
        if r.data.tags.get("sweep.name") == sweep:
            print("parent exists", r.info.run_id)
            return r.info.run_id
    return client.create_run(exp_id, tags={"sweep.name": sweep, "mlflow.runName": sweep}).info.run_id


def record_failed(client, exp_id, cfg, err):
    """A job that could not be submitted is kept as a failed run."""
    tags = dict(host=socket.gethostname(), seed=str(cfg.seed))
    tags.update({"cfg.hash": config_hash(cfg), "git.sha": git_sha(), "slurm.job": "none"})
    run = client.create_run(exp_id, tags=tags)
    client.set_tag(run.info.run_id, "error", str(err)[:200])
    client.set_terminated(run.info.run_id, RunStatus.to_string(RunStatus.FAILED))


def purge(client, exp_id):
    for r in client.search_runs([exp_id], "tags.`slurm.job` = 'none'"):
        client.delete_run(r.info.run_id)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--sweep", choices=SWEEPS, default="main")
    ap.add_argument("--purge", action="store_true")
    a = ap.parse_args()
    base = OmegaConf.load("conf/config.yaml")
    mlflow.set_tracking_uri(base.tracking.uri)
    client = mlflow.tracking.MlflowClient()
    exp_id = mlflow.set_experiment(base.tracking.experiment).experiment_id
    if a.purge:
        purge(client, exp_id)
    ensure_parent(client, exp_id, a.sweep)
    grid = SWEEPS[a.sweep]
    for values in itertools.product(*grid.values()):
        over = [f"{k}={v}" for k, v in zip(grid, values)]
        cfg = OmegaConf.merge(base, OmegaConf.from_dotlist(over))
        if already_done(client, exp_id, config_hash(cfg)):
            continue
        script = TEMPLATE.format(name=a.sweep, args=" ".join(over + [f"sweep={a.sweep}"]))
        try:
            subprocess.run(["sbatch"], input=script, text=True, check=True)
        except (OSError, subprocess.CalledProcessError) as err:
            record_failed(client, exp_id, cfg, err)


if __name__ == "__main__":
    main()
