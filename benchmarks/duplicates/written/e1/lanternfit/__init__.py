"""Training loops that stay small."""

from lanternfit.config import SweepConfig, TrainConfig
from lanternfit.loops import Trainer

__all__ = ["SweepConfig", "TrainConfig", "Trainer"]
__version__ = "1.8.2"
