"""Small helpers around MLflow, meant for everybody in pricing and claims."""
import getpass
import logging
import subprocess

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)

TAG_APPROVED = "approved"
TAG_LOB = "line_of_business"


def git_sha():
    try:
        out = subprocess.check_output(["git", "rev-parse", "HEAD"])
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return out.decode().strip()


def ensure_experiment(name, artifact_location=None):
    """Return the id of the experiment, creating it or bringing it back from the bin."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(name)
    if exp is None:
        log.info("creating experiment %s", name)
        return client.create_experiment(name, artifact_location=artifact_location)
    if exp.lifecycle_stage == "deleted":
        log.warning("experiment %s was deleted, restoring", name)
        client.restore_experiment(exp.experiment_id)
    return exp.experiment_id


def get_approved_run(experiment_name, lob):
    """Newest finished run which the tariff committee approved, or None."""
    client = MlflowClient()
    exp = client.get_experiment_by_name(experiment_name)
    if exp is None:
        return None
    runs = client.search_runs(
        [exp.experiment_id],
        filter_string=f"tags.{TAG_APPROVED} = 'true' and tags.{TAG_LOB} = '{lob}' and attributes.status = 'FINISHED'",
        run_view_type=ViewType.ACTIVE_ONLY,
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def standard_tags(lob, data_version, owner=None):
    return {
        TAG_LOB: lob,
        "data_version": data_version,
        "git_sha": git_sha(),
        "owner": owner or getpass.getuser(),
    }


def log_frame(df, artifact_file):
    """Save a pandas frame next to the run as csv."""
    mlflow.log_text(df.to_csv(index=False), artifact_file)
