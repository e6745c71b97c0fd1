"""Track kedro pipelines with MLflow."""

from flowtrack.config import TrackingConfig, load_config
from flowtrack.hooks import FlowtrackHook

__all__ = ["FlowtrackHook", "TrackingConfig", "load_config"]
__version__ = "0.9.2"
