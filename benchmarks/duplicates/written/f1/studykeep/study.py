"""Studies."""

import logging
import time

from studykeep.pruning import MedianPruner
from studykeep.samplers import RandomSampler
from studykeep.space import Space
from studykeep.storage import MlflowStorage
from studykeep.trial import TrialState

log = logging.getLogger(__name__)


class Pruned(Exception):
    """Raised by an objective to stop its trial."""


class Study:
    """Runs an objective over a space and keeps what came of it."""

    def __init__(self, name, space, storage, study_id, direction="minimize", sampler=None):
        self.name = name
        self.space = space
        self.storage = storage
        self.study_id = study_id
        self.direction = direction
        self.sampler = sampler or RandomSampler()
        self.pruner = MedianPruner(minimize=direction == "minimize")

    @property
    def trials(self):
        return self.storage.trials(self.study_id)

    def next_number(self):
        return max((t.number for t in self.trials), default=-1) + 1

    def optimize(self, objective, n_trials, timeout=None):
        """Run the objective n_trials times or until the time is over."""
        started = time.monotonic()
        for _ in range(n_trials):
            if timeout is not None and time.monotonic() - started > timeout:
                log.info("time is over after %.0f s", timeout)
                break
            history = self.trials
            number = max((t.number for t in history), default=-1) + 1
            params = self.sampler.propose(self.space, history)
            trial_id = self.storage.create_trial(
                self.study_id, number, params, self.sampler.name
            )
            try:
                value = float(objective(params))
            except Pruned:
                self.storage.finish_trial(trial_id, TrialState.PRUNED, None)
            except Exception:
                log.exception("trial %d failed", number)
                self.storage.finish_trial(trial_id, TrialState.FAILED, None)
            else:
                self.storage.finish_trial(trial_id, TrialState.COMPLETE, value)

    @property
    def best_trial(self):
        done = [t for t in self.trials if t.state is TrialState.COMPLETE]
        if not done:
            raise ValueError("no trial is complete yet")
        pick = min if self.direction == "minimize" else max
        return pick(done, key=lambda t: t.value)


def create_study(name, space, storage=None, direction="minimize", sampler=None, load_if_exists=False):
    """Make a study, or load the one of that name."""
    storage = storage or MlflowStorage()
    study_id = storage.study_id(name)
    if study_id is not None and not load_if_exists:
        raise ValueError(f"study {name!r} exists; pass load_if_exists=True")
    if study_id is None:
        study_id = storage.create_study(name, direction, space.to_json())
    return Study(name, space, storage, study_id, direction, sampler)


def load_study(name, storage, space=None):
    """Load a study that is kept in a storage."""
    study_id = storage.study_id(name)
    if study_id is None:
        raise KeyError(name)
    return Study(name, space or Space(), storage, study_id)
