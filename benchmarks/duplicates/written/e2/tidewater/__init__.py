"""Experiments, runs and models of a team."""

from tidewater.core.experiment import Experiment
from tidewater.core.registry import ModelRegistry
from tidewater.core.run import Run
from tidewater.settings import Settings, get_settings

__all__ = ["Experiment", "ModelRegistry", "Run", "Settings", "get_settings"]
