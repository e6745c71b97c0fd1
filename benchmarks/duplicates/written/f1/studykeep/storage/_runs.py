"""Runs of studies and trials: the one place that should know how they look in MLflow."""

import logging

from studykeep import keys
from studykeep.trial import TrialState

logger = logging.getLogger(__name__)


def ensure_experiment(client, name, artifact_location=None):
    """Return the id of the experiment, made or brought back when need be."""
    experiment = client.get_experiment_by_name(name)
    if experiment is None:
        logger.info("creating experiment %s", name)
        return client.create_experiment(name, artifact_location=artifact_location)
    if experiment.lifecycle_stage == "deleted":
        client.restore_experiment(experiment.experiment_id)
    return experiment.experiment_id


def find_study_run(client, experiment_id, study_name):
    """Return the parent run of a study, or None."""
    quoted = study_name.replace("'", "\\'")
    found = client.search_runs(
        [experiment_id],
        filter_string=f"tags.`{keys.STUDY_NAME}` = '{quoted}' and tags.`{keys.ROLE}` = 'study'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return found[0] if found else None


def open_trial_run(client, experiment_id, parent_id, number, sampler):
    """Make the child run of one trial."""
    tags = {
        keys.PARENT: parent_id,
        keys.ROLE: "trial",
        keys.TRIAL_NUMBER: str(number),
        keys.TRIAL_STATE: TrialState.RUNNING.value,
        keys.SAMPLER: sampler,
    }
    return client.create_run(experiment_id, tags=tags, run_name=f"trial-{number:04d}")


def trial_runs(client, experiment_id, parent_id):
    """Return all child runs of a study, page by page."""
    runs, token = [], None
    while True:
        page = client.search_runs(
            [experiment_id],
            filter_string=f"tags.`{keys.PARENT}` = '{parent_id}'",
            page_token=token,
        )
        runs.extend(page)
        token = page.token
        if not token:
            return runs
