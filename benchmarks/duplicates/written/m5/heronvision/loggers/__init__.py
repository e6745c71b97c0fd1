"""Loggers."""

from heronvision.loggers.base import CsvLogger, Logger

__all__ = ["CsvLogger", "Logger"]
