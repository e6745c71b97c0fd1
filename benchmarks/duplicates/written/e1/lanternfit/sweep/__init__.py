"""Sweeps over a search space."""

from lanternfit.sweep.grid import GridSweeper
from lanternfit.sweep.halving import HalvingSweeper

__all__ = ["GridSweeper", "HalvingSweeper"]
