"""Start a training from the checkpoint of another run."""

import mlflow

from embertrack.checkpoints import CheckpointStore


def parent_checkpoint(source_run_id):
    """Fetch the checkpoint of a run and tell where it stood."""
    client = mlflow.MlflowClient()
    source = client.get_run(source_run_id)
    epoch, step = 0, 0
    for key, value in source.data.tags.items():
        if key == "ember.ckpt.epoch":
            epoch = int(value)
        elif key == "ember.ckpt.step":
            step = int(value)
    return CheckpointStore(client, source_run_id).fetch(), epoch, step


def start_from(source_run_id, name=None):
    """Open a new run that knows which run it came from."""
    path, epoch, step = parent_checkpoint(source_run_id)
    if path is None:
        raise FileNotFoundError(f"run {source_run_id} has no checkpoint")
    run = mlflow.start_run(run_name=name)
    mlflow.set_tags({
        "ember.source.run": source_run_id,
        "ember.source.epoch": epoch,
        "ember.source.step": step,
    })
    return run, path


def ancestors(run_id):
    """Return ids of the runs that a run came from, nearest first."""
    client = mlflow.MlflowClient()
    chain = []
    while True:
        source = client.get_run(run_id).data.tags.get("ember.source.run")
        if not source or source in chain:
            return chain
        chain.append(source)
        run_id = source
