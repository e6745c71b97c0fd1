"""Shared by indexer, ranker and suggest; the only place that knows how we use MLflow."""

from mlutils.experiments import experiment_id
from mlutils.lookup import RunLookup
from mlutils.runs import child_run, component_run

__all__ = ["RunLookup", "child_run", "component_run", "experiment_id"]
