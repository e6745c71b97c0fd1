"""Everything that talks to MLflow."""

from pinetree.tracking.manager import StudyTracker, ensure_experiment, trial_number

__all__ = ["StudyTracker", "ensure_experiment", "trial_number"]
