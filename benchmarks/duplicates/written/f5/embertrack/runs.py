"""Runs of jobs."""

from embertrack import dist
from embertrack.compat import get_mlflow

FRAMEWORK = "ember.framework"
JOB = "ember.job_id"
RANK = "ember.rank"
WORLD = "ember.world_size"
EPOCH = "ember.ckpt.epoch"
STEP = "ember.ckpt.step"
CKPT = "ember.ckpt.path"


def run_of_job(client, experiment_id, job):
    """Return the newest run of a job, or None."""
    runs = client.search_runs(
        [experiment_id],
        filter_string=f"tags.`{JOB}` = '{job}' and tags.`{RANK}` = '0'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def progress_of(run):
    """Return epoch and step of the last checkpoint of a run."""
    tags = run.data.tags
    return int(tags.get(EPOCH, 0)), int(tags.get(STEP, 0))


def mark_progress(client, run_id, epoch, step, path):
    """Write where the last checkpoint is."""
    client.set_tag(run_id, EPOCH, str(epoch))
    client.set_tag(run_id, STEP, str(step))
    client.set_tag(run_id, CKPT, path)


def rank_run(client, parent, rank=None):
    """Make a child run for a rank, for its own system metrics."""
    rank = dist.rank() if rank is None else rank
    return client.create_run(
        parent.info.experiment_id,
        run_name=f"rank-{rank}",
        tags={"mlflow.parentRunId": parent.info.run_id, RANK: str(rank)},
    )


def ranks(client, parent):
    """Return runs of all ranks in order."""
    found = client.search_runs(
        [parent.info.experiment_id], f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'"
    )
    return sorted(found, key=lambda r: int(r.data.tags.get(RANK, 0)))


def default_client():
    return get_mlflow().tracking.MlflowClient()
