"""Resumes the run of a job that was put back into the queue."""

from __future__ import annotations

import os
import signal
import subprocess

import mlflow
from mlflow.tracking import MlflowClient


def resume_or_start(name: str):
    run_id = os.environ.get("DESK_RUN_ID")
    if run_id:
        MlflowClient().update_run(run_id, status="RUNNING")
        return mlflow.start_run(run_id=run_id)
    return mlflow.start_run(run_name=name)


def job_tags() -> dict[str, str]:
    env = os.environ
    return {
        "slurm.job": env.get("SLURM_JOB_ID", ""),
        "slurm.partition": env.get("SLURM_JOB_PARTITION", ""),
        "slurm.nodes": env.get("SLURM_JOB_NODELIST", ""),
    }


def requeue(signum, frame) -> None:
    subprocess.run(["scontrol", "requeue", os.environ["SLURM_JOB_ID"]], check=False)
    mlflow.end_run("KILLED")


def install() -> None:
    signal.signal(signal.SIGUSR1, requeue)
