"""Helpers for MLflow that every team uses."""

from mlops_utils.experiments import get_or_create_experiment
from mlops_utils.runs import latest_run, run_by_name

__all__ = ["get_or_create_experiment", "latest_run", "run_by_name"]
