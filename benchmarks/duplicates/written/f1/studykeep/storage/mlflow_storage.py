"""The storage that keeps studies in MLflow."""

import time

from studykeep import _lazy, keys
from studykeep.storage import _runs
from studykeep.storage.base import Storage
from studykeep.trial import TrialState, from_run


class MlflowStorage(Storage):
    """Each study is a parent run, each trial a child run."""

    def __init__(self, experiment="studykeep", tracking_uri=None, artifact_location=None):
        self._experiment = experiment
        self._tracking_uri = tracking_uri
        self._artifact_location = artifact_location
        self.__client = None
        self._experiment_id = None

    @property
    def client(self):
        if self.__client is None:
            self.__client = _lazy.client(self._tracking_uri)
        return self.__client

    @property
    def experiment_id(self):
        if self._experiment_id is None:
            self._experiment_id = _runs.ensure_experiment(
                self.client, self._experiment, self._artifact_location
            )
        return self._experiment_id

    def create_study(self, name, direction, space_json):
        tags = {
            keys.ROLE: "study",
            keys.STUDY_NAME: name,
            keys.DIRECTION: direction,
            keys.SPACE: space_json,
        }
        run = self.client.create_run(self.experiment_id, tags=tags, run_name=name)
        return run.info.run_id

    def study_id(self, name):
        run = _runs.find_study_run(self.client, self.experiment_id, name)
        return None if run is None else run.info.run_id

    def create_trial(self, study_id, number, params, sampler):
        run = _runs.open_trial_run(self.client, self.experiment_id, study_id, number, sampler)
        for key, value in params.items():
            self.client.log_param(run.info.run_id, key, value)
        return run.info.run_id

    def finish_trial(self, trial_id, state, value):
        if value is not None:
            self.client.log_metric(trial_id, keys.OBJECTIVE, value)
        self.client.set_tag(trial_id, keys.TRIAL_STATE, state.value)
        self.client.set_terminated(trial_id, state.mlflow_status)

    def trials(self, study_id):
        runs = _runs.trial_runs(self.client, self.experiment_id, study_id)
        return sorted((from_run(r) for r in runs), key=lambda t: t.number)

    def beat(self, trial_id):
        self.client.set_tag(trial_id, keys.HEARTBEAT, str(int(time.time())))

    def fail_stale(self, study_id, grace_seconds=600):
        """End trials whose worker is gone."""
        now = time.time()
        failed = []
        for run in _runs.trial_runs(self.client, self.experiment_id, study_id):
            beat = float(run.data.tags.get(keys.HEARTBEAT, run.info.start_time / 1000))
            if run.info.status == "RUNNING" and now - beat > grace_seconds:
                self.client.set_tag(run.info.run_id, keys.TRIAL_STATE, TrialState.FAILED.value)
                self.client.set_terminated(run.info.run_id, "FAILED")
                failed.append(run.info.run_id)
        return failed
