"""One trial of a study."""

import enum
from dataclasses import dataclass, field
from typing import Any, Dict, Optional

from studykeep import keys


class TrialState(str, enum.Enum):
    """State of a trial, as written to its tag."""

    RUNNING = "running"
    COMPLETE = "complete"
    PRUNED = "pruned"
    FAILED = "failed"

    @property
    def mlflow_status(self) -> str:
        if self is TrialState.RUNNING:
            return "RUNNING"
        return "FAILED" if self is TrialState.FAILED else "FINISHED"


@dataclass
class Trial:
    """A point of the space and what came of it."""

    number: int
    state: TrialState
    params: Dict[str, Any] = field(default_factory=dict)
    value: Optional[float] = None
    run_id: Optional[str] = None

    @property
    def done(self) -> bool:
        return self.state is not TrialState.RUNNING


def number_and_state(run):
    """Read the number and the state of a trial from its run."""
    tags = run.data.tags
    number = int(tags.get(keys.TRIAL_NUMBER, -1))
    state = TrialState(tags.get(keys.TRIAL_STATE, TrialState.RUNNING.value))
    return number, state


def from_run(run) -> Trial:
    """Make a trial of its run."""
    number, state = number_and_state(run)
    return Trial(
        number=number,
        state=state,
        params=dict(run.data.params),
        value=run.data.metrics.get(keys.OBJECTIVE),
        run_id=run.info.run_id,
    )
