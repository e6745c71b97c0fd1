"""everything about going on where we were"""
import contextlib
import logging
import os
from pathlib import Path

import mlflow
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)

CKPT = Path("/gpfs/lab/ckpt")


def run_for_trial(key, experiment_id):
    """newest run of that trial in the experiment, whatever its status; None if never started"""
    runs = mlflow.search_runs(
        [experiment_id],
        filter_string=f"tags.trial_key = '{key}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
        output_format="list",
    )
    return runs[0] if runs else None


def preemptions(run):
    """how often was it thrown out"""
    try:
        return int(run.data.tags.get("preemptions", "0"))
    except ValueError:
        logger.warning("odd preemptions tag on %s", run.info.run_id)
        return 0


def note_preemption(run_id):
    client = MlflowClient()
    n = preemptions(client.get_run(run_id)) + 1
    client.set_tag(run_id, "preemptions", str(n))
    return n


@contextlib.contextmanager
def trial_run(key, experiment_id, parent_id=None):
    """enters the run of the trial: the old one when there is one, else a new one below the parent"""
    old = run_for_trial(key, experiment_id)
    if old is not None:
        logger.info("going on in %s", old.info.run_id)
        with mlflow.start_run(run_id=old.info.run_id, nested=True) as run:
            yield run
    else:
        tags = {"trial_key": key, "kind": "trial"}
        if parent_id:
            tags["mlflow.parentRunId"] = parent_id
        with mlflow.start_run(experiment_id=experiment_id, run_name=key[:60], nested=True, tags=tags) as run:
            yield run


def checkpoint_path(run_id):
    return CKPT / run_id / "last.pt"


def save(run_id, epoch, net, optim):
    import torch

    path = checkpoint_path(run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    tmp = path.with_suffix(".tmp")
    torch.save({"epoch": epoch, "net": net.state_dict(), "optim": optim.state_dict()}, tmp)
    os.replace(tmp, path)


def restore(run_id, net, optim):
    import torch

    path = checkpoint_path(run_id)
    if not path.exists():
        return 0
    state = torch.load(path, map_location="cpu")
    net.load_state_dict(state["net"])
    optim.load_state_dict(state["optim"])
    return state["epoch"] + 1


def finished_trials(parent_id, experiment_id):
    """keys of the trials below the parent which are through"""
    runs = MlflowClient().search_runs(
        [experiment_id],
        f"tags.mlflow.parentRunId = '{parent_id}' and attributes.status = 'FINISHED'",
        max_results=1000,
    )
    return {r.data.tags.get("trial_key") for r in runs}
