"""Helpers around MLflow.  Please use these in jobs (many don't yet)."""
import datetime as dt
import logging
import subprocess

import mlflow
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from shelfcast.settings import CUTOFF_TAG, FAMILY_TAG, HORIZON_TAG, REGION_TAG

log = logging.getLogger(__name__)


def ensure_experiment(client, name, artifact_location=None):
    """The id of an experiment which is there and active afterwards.

    Deleted ones are restored, for somebody cleans the server by hand now and then.
    """
    exp = client.get_experiment_by_name(name)
    if exp is None:
        return client.create_experiment(name, artifact_location=artifact_location)
    if exp.lifecycle_stage == "deleted":
        log.warning("experiment %s was deleted, restoring", name)
        client.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def latest_run(client, experiment_id, region):
    """The newest finished run of a region, or None."""
    runs = client.search_runs(
        [experiment_id],
        filter_string=f"tags.{REGION_TAG} = '{region}' and attributes.status = 'FINISHED'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def region_tags(region, cutoff):
    """The tags every demand run carries."""
    return {
        REGION_TAG: region.code,
        FAMILY_TAG: region.family,
        HORIZON_TAG: str(region.horizon),
        CUTOFF_TAG: cutoff.isoformat(),
        "git_sha": git_sha(),
    }


def git_sha():
    try:
        out = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return out.stdout.strip()


def cutoff_of(run):
    """The data cutoff of a run, None for runs before the tag was there."""
    value = run.data.tags.get(CUTOFF_TAG)
    if not value:
        return None
    return dt.date.fromisoformat(value[:10])


def runs_since(client, experiment_id, since):
    """All runs since a moment, page by page."""
    millis = int(since.timestamp() * 1000)
    token = None
    while True:
        page = client.search_runs(
            [experiment_id],
            filter_string=f"attributes.start_time >= {millis}",
            run_view_type=ViewType.ACTIVE_ONLY,
            max_results=500,
            page_token=token,
        )
        yield from page
        token = page.token
        if not token:
            return


def log_frame(frame, path):
    try:
        mlflow.log_table(frame, path)
    except MlflowException as exc:
        log.error("could not log %s: %s", path, exc)
