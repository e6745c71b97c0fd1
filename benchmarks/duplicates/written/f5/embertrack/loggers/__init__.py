"""Loggers."""

from embertrack.loggers.base import NullLogger
from embertrack.loggers.mlf import EmberLogger

__all__ = ["EmberLogger", "NullLogger"]
