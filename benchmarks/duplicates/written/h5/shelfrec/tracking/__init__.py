"""Trackers; importing the package registers them."""
from shelfrec.tracking.base import NullTracker, Tracker
from shelfrec.tracking.mlflow_tracker import MlflowTracker

__all__ = ["MlflowTracker", "NullTracker", "Tracker"]
