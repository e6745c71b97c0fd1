"""Fill a study with the trials of its runs."""

from __future__ import annotations

from typing import List, Optional

import mlflow
from mlflow.entities import Run

from hillcrest.integration.mlflow import trial_of
from hillcrest.study import State, Study, Trial


def child_runs(experiment_id: str, parent_id: str) -> List[Run]:
    """All child runs, page by page."""
    client = mlflow.tracking.MlflowClient()
    out: List[Run] = []
    token: Optional[str] = None
    while True:
        page = client.search_runs(
            [experiment_id], f"tags.mlflow.parentRunId = '{parent_id}'", max_results=500, page_token=token
        )
        out += page
        token = page.token
        if token is None:
            break
    return out


def load_study(study: Study, experiment_name: str) -> Study:
    """Read the finished trials back; the study starts anew if there are none."""
    experiment = mlflow.get_experiment_by_name(experiment_name)
    if experiment is None:
        return study
    df = mlflow.search_runs(
        [experiment.experiment_id],
        filter_string="tags.`hillcrest.study` = '{}' AND tags.`hillcrest.trial_number` = 'parent'".format(study.name),
    )
    if df.empty:
        return study
    parent_id = df.sort_values("start_time").iloc[-1]["run_id"]
    for run in child_runs(experiment.experiment_id, parent_id):
        record = trial_of(run)
        if record["state"] is State.COMPLETE:
            study.trials.append(Trial(record["number"], record["params"], record["state"], record["value"]))
    study.trials.sort(key=lambda t: t.number)
    return study


def finished_or_new(experiment_id: str, key: str) -> mlflow.ActiveRun:
    """Go on with the run of a settings key, or start one."""
    hits = mlflow.search_runs(
        [experiment_id], f"tags.settings_key = '{key}' and status != 'FINISHED'", max_results=1, output_format="list"
    )
    if hits:
        return mlflow.start_run(run_id=hits[0].info.run_id)
    return mlflow.start_run(experiment_id=experiment_id, tags={"settings_key": key})
