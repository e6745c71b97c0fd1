"""Shared MLflow things.  TODO(mk): move novamart here"""
import json
import logging
import time
from contextlib import contextmanager

import mlflow
from mlflow.tracking import MlflowClient

logger = logging.getLogger(__name__)


def get_or_create_experiment(name):
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None:
        experiment_id = mlflow.create_experiment(name)
    else:
        experiment_id = experiment.experiment_id
    return experiment_id


def last_policy_run(experiment_id, client_name, policy):
    """newest finished training of a policy for a client, raises if there is none"""
    runs = MlflowClient().search_runs(
        [experiment_id],
        filter_string=(
            f"tags.client = '{client_name}' and tags.policy = '{policy}' and attributes.status = 'FINISHED'"
        ),
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    if not runs:
        raise LookupError(f"{client_name}/{policy}: no finished run")
    return runs[0]


def best_by_ctr(experiment_id, client_name):
    """highest offline ctr of the finished runs of a client"""
    runs = MlflowClient().search_runs(
        [experiment_id],
        filter_string=f"tags.client = '{client_name}' and attributes.status = 'FINISHED'",
        order_by=["metrics.ips_ctr DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def arms_of(run):
    """the arms tag is json, in old runs a comma list"""
    raw = run.data.tags.get("arms")
    if raw is None:
        return []
    try:
        return json.loads(raw)
    except json.JSONDecodeError:
        return [a.strip() for a in raw.split(",")]


def engagement_tags(client_name, policy, consultant, arms):
    return {
        "client": client_name,
        "policy": policy,
        "consultant": consultant,
        "arms": json.dumps(arms),
        "billing": f"{client_name.upper()}-{time.strftime('%Y%m')}",
    }


@contextmanager
def policy_run(experiment_id, client_name, policy, consultant, arms):
    """a run with all the tags; ends as FAILED with the message when something is raised"""
    tags = engagement_tags(client_name, policy, consultant, arms)
    with mlflow.start_run(experiment_id=experiment_id, run_name=f"{policy}-{int(time.time())}", tags=tags) as run:
        try:
            yield run
        except Exception as exc:
            mlflow.set_tag("failure", str(exc)[:250])
            raise
