"""MLflow tracking for millrace pipelines."""

from millrace_mlflow.config import MlflowConfig, load_config
from millrace_mlflow.resource import MlflowResource
from millrace_mlflow.steps import tracked_step

__all__ = ["MlflowConfig", "MlflowResource", "load_config", "tracked_step"]
