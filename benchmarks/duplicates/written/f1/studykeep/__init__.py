"""Keep the studies of a hyper-parameter search in MLflow."""

from studykeep.space import Choice, Float, Int, Space
from studykeep.study import Study, create_study, load_study
from studykeep.trial import Trial, TrialState

__version__ = "0.9.2"

__all__ = [
    "Choice",
    "Float",
    "Int",
    "Space",
    "Study",
    "Trial",
    "TrialState",
    "create_study",
    "load_study",
]
