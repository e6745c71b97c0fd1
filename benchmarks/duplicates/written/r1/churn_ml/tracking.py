"""Helpers around MLflow. Please use these in new notebooks (Petra, Nov 2023)."""
import logging

import mlflow
from mlflow.entities import ViewType
from mlflow.exceptions import RestException
from mlflow.tracking import MlflowClient

from churn_ml.config import PRIMARY_METRIC, TAG_JOB, TAG_MARKET, TAG_MONTH, current_user

log = logging.getLogger(__name__)


def use_experiment(name, user=None):
    """Set /Users/<user>/churn/<name> active; bring it back if somebody deleted it."""
    path = f"/Users/{user or current_user()}/churn/{name}"
    client = MlflowClient()
    exp = client.get_experiment_by_name(path)
    if exp is None:
        log.info("creating experiment %s", path)
        client.create_experiment(path)
    elif exp.lifecycle_stage == "deleted":
        client.restore_experiment(exp.experiment_id)
    return mlflow.set_experiment(path)


def last_job_run(experiment_id, job, market):
    """Newest finished run of a job in one market, None when it never ran."""
    flt = f"tags.`{TAG_JOB}` = '{job}' and tags.`{TAG_MARKET}` = '{market}' and attributes.status = 'FINISHED'"
    runs = MlflowClient().search_runs(
        [experiment_id],
        filter_string=flt,
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def champion_candidate(experiment_id, market):
    """Run with the highest validation AUC in a market."""
    runs = MlflowClient().search_runs(
        [experiment_id],
        filter_string=f"tags.`{TAG_MARKET}` = '{market}' and attributes.status = 'FINISHED'",
        run_view_type=ViewType.ACTIVE_ONLY,
        order_by=[f"metrics.{PRIMARY_METRIC} DESC"],
        max_results=1,
    )
    if not runs:
        raise LookupError(f"no finished run for {market}")
    return runs[0]


def job_tags(job, month, market, source=None):
    tags = {
        TAG_JOB: job,
        TAG_MONTH: f"{month:%Y-%m}",
        TAG_MARKET: market,
    }
    if source:
        tags["churn.source_table"] = source
    return tags


def run_of_version(model_name, version):
    """The training run behind a registered version."""
    client = MlflowClient()
    try:
        mv = client.get_model_version(model_name, str(version))
    except RestException:
        log.warning("no version %s of %s", version, model_name)
        return None
    return client.get_run(mv.run_id)
