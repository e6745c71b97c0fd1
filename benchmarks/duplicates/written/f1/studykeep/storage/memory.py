"""A storage for tests."""

import itertools

from studykeep.storage.base import Storage
from studykeep.trial import Trial, TrialState


class MemoryStorage(Storage):
    """Keeps all in dicts."""

    def __init__(self):
        self._studies = {}
        self._trials = {}
        self._ids = itertools.count()

    def create_study(self, name, direction, space_json):
        self._studies[name] = {"direction": direction, "space": space_json, "trials": []}
        return name

    def study_id(self, name):
        return name if name in self._studies else None

    def create_trial(self, study_id, number, params, sampler):
        trial_id = str(next(self._ids))
        trial = Trial(number, TrialState.RUNNING, dict(params), run_id=trial_id)
        self._trials[trial_id] = trial
        self._studies[study_id]["trials"].append(trial)
        return trial_id

    def finish_trial(self, trial_id, state, value):
        trial = self._trials[trial_id]
        trial.state = state
        trial.value = value

    def trials(self, study_id):
        return list(self._studies[study_id]["trials"])
