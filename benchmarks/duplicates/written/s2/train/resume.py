"""Checkpoints and what to do after SIGUSR1."""
import logging
import os
import signal
from pathlib import Path
from typing import NamedTuple, Optional

import torch
from mlflow import MlflowClient

log = logging.getLogger(__name__)


class Checkpoint(NamedTuple):
    epoch: int
    path: Path


class Preempted(Exception):
    pass


def install_handler():
    def _h(signum, frame):
        raise Preempted(signum)

    signal.signal(signal.SIGUSR1, _h)


def find_cell_run(client: MlflowClient, exp_id: str, study: str, site: str, fold: int, seed: int) -> Optional[str]:
    """Run id of an earlier attempt of the same cell."""
    runs = client.search_runs([exp_id], f"tags.study = '{study}' and tags.site = '{site}'",
                              order_by=["attributes.start_time DESC"], max_results=1000)
    same = [
        r for r in runs
        if r.data.tags.get("fold") == str(fold) and r.data.tags.get("seed") == str(seed)
    ]
    return same[0].info.run_id if same else None


def last_checkpoint(client: MlflowClient, run_id: str) -> Optional[Checkpoint]:
    raw = client.get_run(run_id).data.tags.get("ckpt", "")
    if ":" not in raw:
        return None
    epoch, _, path = raw.partition(":")
    if not os.path.exists(path):
        log.warning("checkpoint %s is gone", path)
        return None
    return Checkpoint(int(epoch), Path(path))


def save(client, run_id, model, optim, epoch, folder):
    path = Path(folder) / f"{run_id}-{epoch:04d}.pt"
    torch.save({"model": model.state_dict(), "optim": optim.state_dict(), "epoch": epoch}, path)
    client.set_tag(run_id, "ckpt", f"{epoch}:{path}")
    for old in sorted(Path(folder).glob(f"{run_id}-*.pt"))[:-2]:
        old.unlink()
    return path


def restore(ckpt, model, optim):
    state = torch.load(ckpt.path, map_location="cpu")
    model.load_state_dict(state["model"])
    optim.load_state_dict(state["optim"])
    return state["epoch"] + 1
