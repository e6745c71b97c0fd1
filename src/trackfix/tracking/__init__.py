"""The tracking library on MLflow: the places that the tool moves people to.

Names are loaded on first use (PEP 562), so that importing the package costs next to nothing, and
mlflow is imported by the first call that needs it.
"""

from __future__ import annotations

# What ``typing`` calls so; importing that would double the cost of this package.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from trackfix.tracking.client import create_mlflow_client as create_mlflow_client
    from trackfix.tracking.errors import ConfigError as ConfigError
    from trackfix.tracking.errors import ExperimentDeletedError as ExperimentDeletedError
    from trackfix.tracking.errors import ExperimentNotFoundError as ExperimentNotFoundError
    from trackfix.tracking.errors import FilterError as FilterError
    from trackfix.tracking.errors import LimitError as LimitError
    from trackfix.tracking.errors import NotConfiguredError as NotConfiguredError
    from trackfix.tracking.errors import RunNotFoundError as RunNotFoundError
    from trackfix.tracking.errors import RunStateError as RunStateError
    from trackfix.tracking.errors import ServerUnavailableError as ServerUnavailableError
    from trackfix.tracking.errors import TrackingError as TrackingError
    from trackfix.tracking.errors import mlflow_errors as mlflow_errors
    from trackfix.tracking.experiments import get_or_create_experiment as get_or_create_experiment
    from trackfix.tracking.experiments import resolve_experiment_id as resolve_experiment_id
    from trackfix.tracking.finder import RunLookupReport as RunLookupReport
    from trackfix.tracking.finder import find_mlflow_run as find_mlflow_run
    from trackfix.tracking.finder import find_run_by_trial_id as find_run_by_trial_id
    from trackfix.tracking.hashes import compute_study_key_hash_v2 as compute_study_key_hash_v2
    from trackfix.tracking.hashes import (
        get_or_compute_study_key_hash as get_or_compute_study_key_hash,
    )
    from trackfix.tracking.hashes import (
        get_or_compute_trial_key_hash as get_or_compute_trial_key_hash,
    )
    from trackfix.tracking.hashes import get_study_key_hash_from_run as get_study_key_hash_from_run
    from trackfix.tracking.hpo import setup_hpo_mlflow_run as setup_hpo_mlflow_run
    from trackfix.tracking.index import RunIndex as RunIndex
    from trackfix.tracking.naming import NamingContext as NamingContext
    from trackfix.tracking.naming import build_run_key as build_run_key
    from trackfix.tracking.naming import (
        build_training_run_name_with_fallback as build_training_run_name_with_fallback,
    )
    from trackfix.tracking.naming import run_key_hash as run_key_hash
    from trackfix.tracking.noop_tracker import NoopTracker as NoopTracker
    from trackfix.tracking.noop_tracker import Tracker as Tracker
    from trackfix.tracking.paths import infer_config_dir_from_path as infer_config_dir_from_path
    from trackfix.tracking.paths import (
        resolve_project_paths_with_fallback as resolve_project_paths_with_fallback,
    )
    from trackfix.tracking.queries import find_best_run_by_metric as find_best_run_by_metric
    from trackfix.tracking.queries import group_runs_by_variant as group_runs_by_variant
    from trackfix.tracking.queries import iter_runs as iter_runs
    from trackfix.tracking.queries import query_runs_by_tags as query_runs_by_tags
    from trackfix.tracking.queries import tag_filter as tag_filter
    from trackfix.tracking.retry import retry_with_backoff as retry_with_backoff
    from trackfix.tracking.runs import create_child_run as create_child_run
    from trackfix.tracking.runs import create_child_run_core as create_child_run_core
    from trackfix.tracking.runs import create_run_safe as create_run_safe
    from trackfix.tracking.setup import PARENT_RUN_ENV as PARENT_RUN_ENV
    from trackfix.tracking.setup import (
        parent_run_id_from_environment as parent_run_id_from_environment,
    )
    from trackfix.tracking.setup import require_configured as require_configured
    from trackfix.tracking.setup import setup_mlflow as setup_mlflow
    from trackfix.tracking.setup import setup_mlflow_for_stage as setup_mlflow_for_stage
    from trackfix.tracking.setup import setup_mlflow_tracking_env as setup_mlflow_tracking_env
    from trackfix.tracking.tag_keys import TagKeys as TagKeys
    from trackfix.tracking.tag_keys import get_training_tag_keys as get_training_tag_keys
    from trackfix.tracking.tags import add_training_tags as add_training_tags
    from trackfix.tracking.tags import (
        add_training_tags_with_lineage as add_training_tags_with_lineage,
    )
    from trackfix.tracking.tags import apply_lineage_tags as apply_lineage_tags
    from trackfix.tracking.tags import build_lineage_tags as build_lineage_tags
    from trackfix.tracking.tracker import MLflowTracker as MLflowTracker
    from trackfix.tracking.tracker import build_tracker_from_config as build_tracker_from_config
    from trackfix.tracking.trackers import MLflowBenchmarkTracker as MLflowBenchmarkTracker
    from trackfix.tracking.trackers import MLflowConversionTracker as MLflowConversionTracker
    from trackfix.tracking.trackers import MLflowSweepTracker as MLflowSweepTracker
    from trackfix.tracking.trackers import MLflowTrainingTracker as MLflowTrainingTracker
    from trackfix.tracking.training import create_training_child_run as create_training_child_run
    from trackfix.tracking.training import create_training_mlflow_run as create_training_mlflow_run
    from trackfix.tracking.urls import get_mlflow_run_url as get_mlflow_run_url

# The module of each public name; a test holds this and the imports above together.
_MODULES = {
    "client": ("create_mlflow_client",),
    "errors": (
        "ConfigError",
        "ExperimentDeletedError",
        "ExperimentNotFoundError",
        "FilterError",
        "LimitError",
        "NotConfiguredError",
        "RunNotFoundError",
        "RunStateError",
        "ServerUnavailableError",
        "TrackingError",
        "mlflow_errors",
    ),
    "experiments": ("get_or_create_experiment", "resolve_experiment_id"),
    "finder": ("RunLookupReport", "find_mlflow_run", "find_run_by_trial_id"),
    "hashes": (
        "compute_study_key_hash_v2",
        "get_or_compute_study_key_hash",
        "get_or_compute_trial_key_hash",
        "get_study_key_hash_from_run",
    ),
    "hpo": ("setup_hpo_mlflow_run",),
    "index": ("RunIndex",),
    "naming": (
        "NamingContext",
        "build_run_key",
        "build_training_run_name_with_fallback",
        "run_key_hash",
    ),
    "noop_tracker": ("NoopTracker", "Tracker"),
    "paths": ("infer_config_dir_from_path", "resolve_project_paths_with_fallback"),
    "queries": (
        "find_best_run_by_metric",
        "group_runs_by_variant",
        "iter_runs",
        "query_runs_by_tags",
        "tag_filter",
    ),
    "retry": ("retry_with_backoff",),
    "runs": ("create_child_run", "create_child_run_core", "create_run_safe"),
    "setup": (
        "PARENT_RUN_ENV",
        "parent_run_id_from_environment",
        "require_configured",
        "setup_mlflow",
        "setup_mlflow_for_stage",
        "setup_mlflow_tracking_env",
    ),
    "tag_keys": ("TagKeys", "get_training_tag_keys"),
    "tags": (
        "add_training_tags",
        "add_training_tags_with_lineage",
        "apply_lineage_tags",
        "build_lineage_tags",
    ),
    "tracker": ("MLflowTracker", "build_tracker_from_config"),
    "trackers": (
        "MLflowBenchmarkTracker",
        "MLflowConversionTracker",
        "MLflowSweepTracker",
        "MLflowTrainingTracker",
    ),
    "training": ("create_training_child_run", "create_training_mlflow_run"),
    "urls": ("get_mlflow_run_url",),
}

_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = sorted(_HOME)


if not TYPE_CHECKING:  # for a type checker, every name would exist

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
