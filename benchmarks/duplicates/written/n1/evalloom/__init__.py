"""Evaluate prompts and models and keep the results in MLflow."""

from evalloom.config import Settings, settings
from evalloom.runner import SuiteRunner
from evalloom.types import Case, Score

__all__ = ["Case", "Score", "Settings", "SuiteRunner", "settings"]
__version__ = "0.9.2"
