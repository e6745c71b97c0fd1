"""Sign-offs."""

import datetime as dt
import logging

from cardwright._mlflow import client
from cardwright.vocabulary import STATUSES, GovTag

logger = logging.getLogger(__name__)


class ReviewError(Exception):
    """A sign-off that is not allowed."""


def sign_off_tags(reviewer, decision, reason=""):
    """Tags of a decision."""
    return {
        GovTag.REVIEWER.value: reviewer,
        GovTag.DECISION.value: decision,
        GovTag.REVIEWED_AT.value: dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"),
        GovTag.REASON.value: reason,
    }


def decide(run_id, reviewer, decision, reason=""):
    """Write a decision to a run."""
    if decision not in STATUSES:
        raise ReviewError(f"unknown decision {decision!r}")
    run = client().get_run(run_id)
    author = run.data.tags.get("mlflow.user")
    if author == reviewer:
        raise ReviewError("nobody may sign off their own run")
    for key, value in sign_off_tags(reviewer, decision, reason).items():
        client().set_tag(run_id, key, value)
    client().set_tag(run_id, GovTag.STATUS.value, decision)
    logger.info("%s: %s by %s", run_id, decision, reviewer)


def approved_run(model, experiment_ids):
    """Return the newest approved run of a model, or None."""
    runs = client().search_runs(
        experiment_ids,
        filter_string=f"tags.`{GovTag.MODEL.value}` = '{model}' and tags.`{GovTag.STATUS.value}` = 'approved'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return runs[0] if runs else None


def waiting(experiment_ids):
    """Return runs that wait for a review, oldest first."""
    return client().search_runs(
        experiment_ids,
        filter_string=f"tags.`{GovTag.STATUS.value}` = 'review'",
        order_by=["attributes.start_time ASC"],
    )


def next_in_queue(experiment_ids, reviewer):
    """Return the oldest waiting run that the reviewer did not write, or None."""
    for run in waiting(experiment_ids):
        if run.data.tags.get("mlflow.user") != reviewer:
            return run
    return None
