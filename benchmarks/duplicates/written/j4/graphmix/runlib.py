"""Runs, tags and hashes."""
import hashlib
import os
import socket
import subprocess

import mlflow
from omegaconf import OmegaConf

T_HASH = "cfg.hash"
T_SWEEP = "sweep.name"
IGNORED = ("resume_from", "sweep", "tracking")


def config_hash(cfg):
    plain = {k: v for k, v in OmegaConf.to_container(cfg, resolve=True).items() if k not in IGNORED}
    return hashlib.sha1(repr(sorted(plain.items())).encode()).hexdigest()[:12]


def git_sha():
    try:
        return subprocess.check_output(["git", "rev-parse", "HEAD"], stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def standard_tags(cfg):
    return {
        T_HASH: config_hash(cfg),
        "git.sha": git_sha(),
        "slurm.job": os.environ.get("SLURM_JOB_ID", ""),
        "host": socket.gethostname(),
        "seed": str(cfg.seed),
    }


def find_by_hash(experiment, h):
    """Run id of the finished run of this config or None."""
    df = mlflow.search_runs(
        experiment_names=[experiment],
        filter_string=f"tags.`{T_HASH}` = '{h}' and status = 'FINISHED'",
        max_results=1,
    )
    return None if df.empty else df.run_id.iloc[0]


def is_done(cfg):
    return find_by_hash(cfg.tracking.experiment, config_hash(cfg)) is not None
