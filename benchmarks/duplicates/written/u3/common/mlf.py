"""mlflow bits (Sven, 2022). please use these instead of copying!!"""
import os
import socket
import subprocess

import mlflow
from mlflow.tracking import MlflowClient

URI = os.environ.get("MLFLOW_TRACKING_URI", "http://cellsrv:5000")


def cli():
    mlflow.set_tracking_uri(URI)
    return MlflowClient(URI)


def exp_id(name):
    c = cli()
    e = c.get_experiment_by_name(name)
    if e is None:
        return c.create_experiment(name, artifact_location="file:///data/mlruns/" + name)
    return e.experiment_id


def find_job(eid, job, task):
    """run of a slurm array task, newest first; None if the task is new"""
    rs = cli().search_runs(
        [eid],
        "tags.slurm_job = '%s' and tags.slurm_task = '%s'" % (job, task),
        order_by=["start_time DESC"],
        max_results=1,
    )
    return rs[0] if rs else None


def env_tags():
    return {
        "host": socket.gethostname(),
        "git": subprocess.getoutput("git rev-parse HEAD"),
        "user": os.environ.get("USER", "?"),
        "slurm_job": os.environ.get("SLURM_ARRAY_JOB_ID", ""),
        "slurm_task": os.environ.get("SLURM_ARRAY_TASK_ID", ""),
    }


def last_ckpt(run):
    """(path, epoch) from tag ckpt = 'path|epoch'"""
    v = run.data.tags.get("ckpt")
    if not v:
        return None, 0
    p, e = v.rsplit("|", 1)
    return p, int(e)
