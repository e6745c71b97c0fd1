import os
import socket
import subprocess
from pathlib import Path

import mlflow
import torch
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

HASH_TAG = "detlab.cfg_hash"
EPOCH_TAG = "detlab.epoch"


def commit():
    out = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True)
    return out.stdout.strip() or "nogit"


def env_tags():
    tags = {"host": socket.gethostname(), "commit": commit()}
    tags["slurm_job"] = os.getenv("SLURM_JOB_ID", "local")
    tags["gpu"] = torch.cuda.get_device_name(0) if torch.cuda.is_available() else "cpu"
    return tags


def find_by_hash(experiment, h):
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment)
    if exp is None:
        return None
    res = client.search_runs(
        [exp.experiment_id],
        f"tags.`{HASH_TAG}` = '{h}'",
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["attribute.start_time DESC"],
    )
    return res[0] if len(res) else None


def open_run(cfg, out):
    """Go on with the run of this folder or start a new one."""
    mlflow.set_experiment(cfg.experiment)
    idfile = Path(out) / "mlflow_run_id"
    if idfile.exists():
        return mlflow.start_run(run_id=idfile.read_text().strip())
    run = mlflow.start_run(run_name=cfg.name, tags={HASH_TAG: cfg.hash(), **env_tags()})
    idfile.parent.mkdir(parents=True, exist_ok=True)
    idfile.write_text(run.info.run_id)
    return run


def children(run_id):
    client = MlflowClient()
    run = client.get_run(run_id)
    token = None
    while True:
        page = client.search_runs(
            [run.info.experiment_id],
            filter_string=f"tags.mlflow.parentRunId = '{run_id}'",
            page_token=token,
        )
        yield from page
        token = page.token
        if not token:
            break
