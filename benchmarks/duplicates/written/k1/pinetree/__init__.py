"""pinetree: small AutoML with MLflow tracking."""

__version__ = "0.9.2"

from pinetree.config import StudyConfig
from pinetree.study import Study

__all__ = ["Study", "StudyConfig", "__version__"]
