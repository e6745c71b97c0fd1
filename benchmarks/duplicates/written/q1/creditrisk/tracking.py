"""Thin layer over MLflow. New code should go through here."""
from __future__ import annotations

import getpass
import logging
from contextlib import contextmanager
from typing import Iterator, Optional

import mlflow
from mlflow.entities import Run, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from creditrisk import constants as C
from creditrisk.guards import GuardViolation, require_month, require_portfolio

logger = logging.getLogger(__name__)


def ensure_experiment(name: str, client: Optional[MlflowClient] = None) -> str:
    """Return the id of experiment ``name``; it is created, or restored if somebody deleted it."""
    client = client or MlflowClient()
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        logger.info("creating experiment %s", name)
        return client.create_experiment(name)
    if experiment.lifecycle_stage == "deleted":
        logger.warning("experiment %s was deleted, restoring", name)
        client.restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


def experiment_or_fail(name: str) -> str:
    experiment = mlflow.get_experiment_by_name(name)
    if experiment is None or experiment.lifecycle_stage != "active":
        raise GuardViolation(f"experiment {name} does not exist or is not active")
    return experiment.experiment_id


def audit_tags(portfolio: str, month: str, purpose: str) -> dict[str, str]:
    """The tags which Internal Audit wants on every run of a regulated model."""
    return {
        C.TAG_PORTFOLIO: require_portfolio(portfolio),
        C.TAG_MONTH: require_month(month),
        C.TAG_OWNER: getpass.getuser(),
        C.TAG_POLICY: C.POLICY_VERSION,
        C.TAG_PURPOSE: purpose,
    }


def latest_scoring_run(portfolio: str, month: str) -> Run:
    """Newest finished scoring run of a portfolio for a reporting month."""
    client = MlflowClient()
    experiment_id = ensure_experiment(C.SCORING_EXPERIMENT, client)
    clauses = [
        f"tags.`{C.TAG_PORTFOLIO}` = '{portfolio}'",
        f"tags.`{C.TAG_MONTH}` = '{month}'",
        "attributes.status = 'FINISHED'",
    ]
    found = client.search_runs(
        [experiment_id],
        filter_string=" and ".join(clauses),
        run_view_type=ViewType.ACTIVE_ONLY,
        max_results=1,
        order_by=["attributes.start_time DESC"],
    )
    if not found:
        raise LookupError(f"no finished scoring run for {portfolio} in {month}")
    return found[0]


def approvers(run: Run) -> list[str]:
    raw = run.data.tags.get(C.TAG_APPROVERS, "")
    return [name.strip().lower() for name in raw.split(";") if name.strip()]


@contextmanager
def scoring_run(portfolio: str, month: str) -> Iterator[mlflow.ActiveRun]:
    mlflow.set_experiment(experiment_id=ensure_experiment(C.SCORING_EXPERIMENT))
    with mlflow.start_run(
        run_name=f"score-{portfolio}-{month}",
        tags=audit_tags(portfolio, month, "monthly_scoring"),
    ) as run:
        try:
            yield run
        except MlflowException:
            logger.exception("tracking failed for %s", run.info.run_id)
            raise
