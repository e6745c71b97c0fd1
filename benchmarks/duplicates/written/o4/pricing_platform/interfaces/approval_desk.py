"""Small Streamlit desk for the reviewers (internal)."""
import datetime as dt
import logging

import mlflow
import streamlit as st
from mlflow.tracking import MlflowClient

from pricing_platform.domain.model import Actor, ApprovalState, ChangeTicket

log = logging.getLogger(__name__)


@st.cache_resource
def get_client():
    return MlflowClient()


def current_user():
    headers = st.context.headers
    return Actor(headers["X-Remote-User"], headers.get("X-Department", "ACT-REVIEW"))


def open_cases(client):
    """Submitted runs of all lines."""
    experiments = client.search_experiments(filter_string="name LIKE 'pricing/%'")
    ids = [e.experiment_id for e in experiments]
    return client.search_runs(ids, "tags.`approval.state` = 'submitted'", max_results=100)


def decide(client, run_id, state, user, comment):
    when = dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds")
    tags = [("approval.state", state.value), ("approval.by", user.user_id), ("approval.at", when)]
    for key, value in tags:
        client.set_tag(run_id, key, value)
    if comment:
        client.set_tag(run_id, "approval.comment", comment)


def open_review_run(run_id, actor: Actor, ticket: ChangeTicket):
    """A run for the notes of the review."""
    source = mlflow.get_run(run_id)
    mlflow.start_run(experiment_id=source.info.experiment_id, run_name=f"review-{run_id[:8]}")
    mlflow.set_tag("audit.actor", actor.user_id)
    mlflow.set_tag("audit.department", actor.department)
    mlflow.set_tag("audit.ticket", ticket.number)
    mlflow.set_tag("audit.timestamp", dt.datetime.now(dt.timezone.utc).isoformat(timespec="seconds"))
    mlflow.set_tag("audit.system", "pricing-platform")
    mlflow.set_tag("review.of", run_id)


def close_review_run(notes):
    mlflow.log_text(notes, "notes.md")
    mlflow.end_run()


def withdraw_drafts(client, ids, days=90):
    edge = int((dt.datetime.now() - dt.timedelta(days=days)).timestamp() * 1000)
    old = client.search_runs(ids, f"tags.`approval.state` = 'draft' and attributes.start_time < {edge}")
    for run in old:
        log.info("withdrawn %s", run.info.run_id)
        client.delete_run(run.info.run_id)


def page():
    client, user = get_client(), current_user()
    st.title("Calibrations to be reviewed")
    for run in open_cases(client):
        with st.expander(run.data.tags.get("tariff", run.info.run_id)):
            st.json(run.data.metrics)
            comment = st.text_input("comment", key=f"c{run.info.run_id}")
            yes, no = st.columns(2)
            if yes.button("approve", key=f"a{run.info.run_id}"):
                decide(client, run.info.run_id, ApprovalState.APPROVED, user, comment)
            if no.button("reject", key=f"r{run.info.run_id}"):
                decide(client, run.info.run_id, ApprovalState.REJECTED, user, comment)


if __name__ == "__main__":
    page()
