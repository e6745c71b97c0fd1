"""Go on with a study after a restart, on another machine if need be."""

import mlflow
from mlflow.entities import ViewType

from studykeep import keys
from studykeep.space import Space
from studykeep.storage import MlflowStorage
from studykeep.study import Study
from studykeep.trial import Trial, TrialState


def resume_study(study_name, experiment_name, sampler=None):
    """Load a study with its space and direction from its run."""
    exp = mlflow.get_experiment_by_name(experiment_name)
    if exp is None:
        raise LookupError(f"no experiment {experiment_name!r}")
    df = mlflow.search_runs(
        experiment_ids=[exp.experiment_id],
        filter_string=f"tags.`studykeep.study_name` = '{study_name}' and tags.`studykeep.role` = 'study'",
        run_view_type=ViewType.ACTIVE_ONLY,
        order_by=["start_time DESC"],
        max_results=1,
    )
    if df.empty:
        raise LookupError(f"no study {study_name!r} in {experiment_name!r}")
    parent_id = df.loc[0, "run_id"]
    run = mlflow.get_run(parent_id)
    space = Space.from_json(run.data.tags[keys.SPACE])
    direction = run.data.tags.get(keys.DIRECTION, "minimize")
    storage = MlflowStorage(experiment_name)
    return Study(study_name, space, storage, parent_id, direction, sampler)


def unfinished(client, experiment_id, parent_id):
    """Return the trials that a worker left behind."""
    left = []
    for run in client.search_runs([experiment_id], f"tags.`mlflow.parentRunId` = '{parent_id}'"):
        raw_number = run.data.tags.get("studykeep.trial_number")
        number = int(raw_number) if raw_number is not None else -1
        raw_state = run.data.tags.get("studykeep.trial_state")
        state = TrialState(raw_state) if raw_state else TrialState.RUNNING
        if state is TrialState.RUNNING:
            left.append(Trial(number, state, dict(run.data.params), run_id=run.info.run_id))
    return left


def reopen_trial(trial):
    """Make the run of a trial the active run again."""
    return mlflow.start_run(run_id=trial.run_id)
