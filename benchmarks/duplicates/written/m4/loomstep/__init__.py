"""Pipelines of steps."""

from loomstep.core import Pipeline, Step, StepContext, step

__version__ = "0.31.0"
__all__ = ["Pipeline", "Step", "StepContext", "step"]
