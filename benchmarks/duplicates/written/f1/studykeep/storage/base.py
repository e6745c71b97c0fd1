"""What a storage must do."""

import abc
from typing import List, Optional

from studykeep.trial import Trial, TrialState


class Storage(abc.ABC):
    """Keeps studies and their trials."""

    @abc.abstractmethod
    def create_study(self, name: str, direction: str, space_json: str) -> str:
        """Make a study and return its id."""

    @abc.abstractmethod
    def study_id(self, name: str) -> Optional[str]:
        """Return the id of a study, or None."""

    @abc.abstractmethod
    def create_trial(self, study_id: str, number: int, params: dict, sampler: str) -> str:
        """Make a trial and return its id."""

    @abc.abstractmethod
    def finish_trial(self, trial_id: str, state: TrialState, value: Optional[float]) -> None:
        """Write the end of a trial."""

    @abc.abstractmethod
    def trials(self, study_id: str) -> List[Trial]:
        """Return all trials of a study."""
